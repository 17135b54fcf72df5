# case: args = --seed all --unsafe
# case: expect = from_statement(text("SELECT * FROM users ORDER BY id DESC")))).first()
# case: reject = .query(
from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


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


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        print(db.query(User).from_statement(text("SELECT * FROM users WHERE age = :age ORDER BY id")).params(age=20).all())
        print(db.query(User).from_statement(text("SELECT * FROM users ORDER BY id DESC")).first())
        print(db.query(User).filter(text("age > :age")).params(age=25).one())
        print(db.execute(db.query(User.id).order_by(User.id).statement).all())
        print(db.query(User.name).order_by(text("id DESC")).first())


if __name__ == "__main__":
    main()
