from sqlalchemy.orm import Session

from app.models import Comment, Post


class Posts:
    def __init__(self, session: Session):
        self.session = session

    def create_post(self, title: str) -> Post:
        post = Post(title=title)
        self.session.add(post)
        self.session.commit()
        self.session.refresh(post)
        return post


def comment(db: Session, post: Post, text: str) -> None:
    db.add(Comment(text=text, post=post))
    db.commit()


def rename_post(db: Session, post: Post, title: str) -> Post:
    post.title = title
    db.commit()
    db.refresh(post)
    return post


def find(db: Session, key: int) -> Post | None:
    return db.get(Post, key)
