# case: args = --unsafe
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

import crud
from models import Base, Comment, Post, User

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)


def titles(user):
    return [post.title for post in user.posts]


def show(db: Session) -> None:
    user = crud.get_user(db, 1)
    print(user.name, titles(user))
    for post in crud.all_posts(db):
        print(post.title, "by", post.author.name)
        for comment in post.comments:
            print(" ", comment.text, comment.user.name)
    for name, user in crud.users_by_name(db).items():
        print(name, len(user.posts))
    print(db.get(User, 2).posts[0].title, db.get(User, 1).bio)


def change(db: Session) -> None:
    user = db.get(User, 2)
    print(len(user.posts))
    crud.add_post(db, user, "new")
    print([post.title for post in user.posts])
    fresh = User(name="cyd")
    db.add(fresh)
    db.commit()
    print(fresh.name, fresh.posts)
    last = db.query(Post).get(4)
    print(last.author.name)


def main() -> None:
    Base.metadata.create_all(engine)
    with SessionLocal() as db:
        ann = User(name="ann", bio="likes birds", posts=[Post(title="x"), Post(title="y")])
        bob = User(name="bob", posts=[Post(title="z")])
        ann.posts[0].comments.append(Comment(text="hm", user=bob))
        db.add_all([ann, bob])
        db.commit()
    with SessionLocal() as db:
        show(db)
    with SessionLocal() as db:
        change(db)
    engine.dispose()


if __name__ == "__main__":
    main()
