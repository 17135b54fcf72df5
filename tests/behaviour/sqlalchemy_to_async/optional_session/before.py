# case: args = --unsafe
from contextlib import ExitStack, contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)


def make_session():
    return SessionLocal()


@contextmanager
def scope():
    session = make_session()
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


def add(x, session=None):
    own = session or make_session()
    own.execute(text("insert into t values (:x)"), {"x": x})
    if session is None:
        own.commit()
        own.close()


def total(session):
    return session.scalar(text("select sum(x) from t"))


def main():
    with engine.begin() as connection:
        connection.execute(text("create table t (x integer)"))
    add(1)
    with scope() as session:
        add(2, session)
        add(3, session=session)
    with ExitStack() as stack:
        session = stack.enter_context(scope())
        print(total(session))
    try:
        with scope() as session:
            add(9, session)
            raise ValueError("undone")
    except ValueError as error:
        print(error)
    with scope() as session:
        print(total(session))
    engine.dispose()


if __name__ == "__main__":
    main()
