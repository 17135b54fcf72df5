from sqlalchemy.orm import Session

from models import Post, User


def get_user(db: Session, key: int):
    return db.query(User).filter(User.id == key).first()


def all_users(db: Session, limit: int = 100):
    return db.query(User).order_by(User.id).limit(limit).all()


def all_posts(db: Session):
    return db.query(Post).all()
