from datetime import datetime

from fastapi import Depends, FastAPI
from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


app = FastAPI()


def get_db():
    raise NotImplementedError


@app.post("/users")
def add(name: str, db: Session = Depends(get_db)):
    user = User(name=name)
    db.add(user)
    db.commit()
    return {"id": user.id}


@app.patch("/users/{key}")
def change(key: int, changes: dict[str, str], db: Session = Depends(get_db)):
    user = db.get(User, key)
    for name, value in changes.items():
        if hasattr(user, name):
            setattr(user, name, value)
    db.commit()
    return {"names": db.scalars(select(User.name)).all()}
