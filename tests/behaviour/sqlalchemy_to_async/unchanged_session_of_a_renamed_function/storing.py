from models import User
from sqlalchemy.orm import Session


def add(db: Session, key):
    db.add(User(id=key))
    db.commit()
    return db.query(User).count()
