from sqlalchemy import select
from sqlalchemy.orm import Session

from . import models, schemas


def get_user(db: Session, user_id: int):
    return db.get(models.User, user_id)


def get_users(db: Session, skip: int = 0, limit: int = 100):
    return db.scalars(select(models.User).offset(skip).limit(limit)).all()


def create_user(db: Session, user: schemas.UserCreate):
    db_user = models.User(email=user.email)
    db.add(db_user)
    db.commit()
    db.refresh(db_user)
    return db_user
