from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from src.db import Item, get_db

app = FastAPI()


@app.post("/items/")
def create_item(body: dict, db: Session = Depends(get_db)):
    item = Item(name=body["name"])
    db.add(item)
    db.commit()
    db.refresh(item)
    return {"id": item.id, "name": item.name}


@app.get("/items/")
def list_items(db: Session = Depends(get_db)):
    return [item.name for item in db.query(Item).all()]
