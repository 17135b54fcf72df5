# case: args = --unsafe
# case: unchanged
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker


class Loud(Session):
    def commit(self):
        print("commit")
        super().commit()


engine = create_engine("sqlite://")
maker = sessionmaker(engine, class_=Loud)


def main():
    with maker() as session:
        session.execute(text("select 1"))
        session.commit()


if __name__ == "__main__":
    main()
