# A schema reads the property, which loads what it reads.
# case: args = --unsafe
# case: unchanged
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    posts: Mapped[list["Post"]] = relationship(back_populates="author", order_by="Post.id")
    @property
    def last_title(self):
        return self.posts[-1].title

    tags: Mapped[list["Tag"]] = relationship(lazy="selectin")


class Post(Base):
    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User] = relationship(back_populates="posts")


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    last_title: str


engine = create_engine("sqlite://")


def main():
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(name="ann", posts=[Post(title="x"), Post(title="y")]))
        session.commit()
        for user in session.scalars(select(User)):
            print(UserOut.model_validate(user))


if __name__ == "__main__":
    main()
