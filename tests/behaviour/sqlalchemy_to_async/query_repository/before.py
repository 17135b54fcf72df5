# case: args = --seed all --unsafe
# case: expect = await self.session.get(self.model, key)
# case: expect = delete(self.model).filter(self.model.id == key)
# case: reject = .query(
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from typing import Generic, TypeVar


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    age: Mapped[int] = mapped_column(default=0)

    def __repr__(self):
        return f"User({self.id}, {self.name}, {self.age})"


def fill(db: Session):
    db.add_all([User(id=1, name="ann", age=30), User(id=2, name="bob", age=20), User(id=3, name="cyd", age=20)])
    db.commit()


T = TypeVar("T", bound=Base)


class Repository(Generic[T]):
    def __init__(self, session: Session, model: type[T]):
        self.session = session
        self.model = model

    def get(self, key):
        return self.session.query(self.model).get(key)

    def all(self):
        return self.session.query(self.model).order_by(self.model.id).all()

    def count(self, **values):
        return self.session.query(self.model).filter_by(**values).count()

    def ids(self):
        query = self.session.query(self.model.id)
        return [key for (key,) in query.order_by(self.model.id)]

    def delete(self, key):
        return self.session.query(self.model).filter(self.model.id == key).delete()


class Users(Repository[User]):
    def __init__(self, session: Session):
        super().__init__(session, User)

    def named(self, name):
        return self.session.query(User).filter_by(name=name).first()


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        users = Users(db)
        print(users.get(1), users.all(), users.count(), users.count(age=20), users.ids())
        print(users.named("bob"), users.delete(2), users.ids(), users.named("bob"))


if __name__ == "__main__":
    main()
