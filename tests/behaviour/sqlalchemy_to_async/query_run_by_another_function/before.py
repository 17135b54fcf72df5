# case: args = --seed all --unsafe
# case: expect = async def page(db, query, number, size):
# case: expect = await page(db, select(User).order_by(User.id), 1, 2)
from sqlalchemy import create_engine
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


def page(query, number, size):
    total = query.count()
    return total, query.offset(number * size).limit(size).all()


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        print(page(db.query(User).order_by(User.id), 1, 2))


if __name__ == "__main__":
    main()
