from sqlalchemy import select
from sqlalchemy.orm import Session

from models import User


def add_user(db: Session, name: str) -> User:
    user = User(name=name)
    db.add(user)
    db.commit()
    db.refresh(user)
    return user


def names(db: Session) -> list[str]:
    return [user.name for user in db.execute(select(User).order_by(User.id)).scalars()]


def by_id(db: Session, key: int) -> User | None:
    return db.get(User, key)
