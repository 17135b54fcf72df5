from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from app.services import users as user_service
from app.utils.database import Base, engine, get_db

Base.metadata.create_all(engine)
app = FastAPI()


@app.get("/names")
def names(db: Session = Depends(get_db)):
    return user_service.names(db)
