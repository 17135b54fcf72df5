# case: args = --seed all --unsafe
# case: expect = (await db.scalars(select(User).filter_by(name="ann").limit(1))).first()
# case: expect = await db.get(User, 2)
# case: reject = .query(
from sqlalchemy import create_engine, or_
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
        print(db.query(User).filter(User.age == 20, User.id > 2).all())
        print(db.query(User).filter_by(name="ann").first())
        print(db.query(User).filter(User.id == 99).first())
        print(db.query(User).where(or_(User.id == 1, User.id == 3)).order_by(User.id.desc()).limit(1).offset(1).all())
        print(type(db.query(User).all()).__name__, db.query(User).get(2), db.query(User).get(99))


if __name__ == "__main__":
    main()
