from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Comment, Post, User


def get_user(db: Session, key: int) -> User | None:
    return db.query(User).filter(User.id == key).first()


def all_posts(db: Session, title: str | None = None) -> list[Post]:
    query = db.query(Post)
    if title:
        query = query.filter(Post.title == title)
    return query.order_by(Post.id).all()


def add_post(db: Session, user: User, title: str) -> Post:
    post = Post(title=title, author_id=user.id)
    db.add(post)
    db.commit()
    return post


def users_by_name(db: Session) -> dict[str, User]:
    return {user.name: user for user in db.scalars(select(User).order_by(User.id))}
