from sqlalchemy.orm import Session

import models


def get_user(db: Session, user_id: int):
    return db.query(models.User).filter(models.User.id == user_id).first()


def get_user_by_name(db: Session, name: str):
    return db.query(models.User).filter(models.User.name == name).first()


def get_users(db: Session, skip: int = 0, limit: int = 100):
    return db.query(models.User).offset(skip).limit(limit).all()


def create_user(db: Session, name: str):
    user = models.User(name=name)
    db.add(user)
    db.commit()
    db.refresh(user)
    return user


def number_of_users(db: Session):
    return db.query(models.User).count()


def remove(db: Session, user_id: int):
    return db.query(models.User).filter_by(id=user_id).delete()
