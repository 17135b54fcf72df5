# case: args = --unsafe
# case: expect = .options(defaultload(User.posts).selectinload(Post.comments))
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, joinedload, selectinload

from models import Base, Comment, Post, User

engine = create_engine("sqlite://")


def load(session: Session, eager: bool = False):
    query = session.query(User)
    if eager:
        query = query.options(selectinload(User.posts))
    return query.order_by(User.id).all()


def main() -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        ann = User(name="ann", bio="", posts=[Post(title="x"), Post(title="y")])
        ann.posts[0].comments.append(Comment(text="hm", user=ann))
        session.add(ann)
        session.commit()
    with Session(engine) as session:
        print([len(user.posts) for user in load(session)], [len(user.posts) for user in load(session, True)])
    with Session(engine) as session:
        user = session.query(User).options(joinedload(User.posts)).one()
        print([(post.title, len(post.comments)) for post in user.posts])
    engine.dispose()


if __name__ == "__main__":
    main()
