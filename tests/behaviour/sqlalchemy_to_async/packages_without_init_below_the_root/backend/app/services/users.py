from sqlalchemy import select
from sqlalchemy.orm import Session

from app.utils.database import User


def names(db: Session):
    db.add(User(name="ann"))
    db.commit()
    return db.scalars(select(User.name)).all()
