# case: args = --seed all --unsafe
# case: unchanged
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


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        young = db.query(User.id).filter(User.age < 25)
        print(young.union(db.query(User.id).filter(User.id == 2)).order_by(User.id).all())


if __name__ == "__main__":
    main()
