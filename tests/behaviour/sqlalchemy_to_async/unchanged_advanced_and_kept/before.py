# case: args = --unsafe
# case: unchanged
# What else is done with the generator is not known, and a function that may raise StopIteration cannot become a coroutine.
# A generator that is dropped in the middle cleans up at once.
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

engine = create_engine("sqlite://")
KEPT = []


def get_db():
    with Session(engine) as session:
        yield session


def first():
    gen = get_db()
    KEPT.append(gen)
    return next(gen).scalar(text("select 1"))


def second():
    return next(get_db()).scalar(text("select 2"))


def caught():
    gen = get_db()
    try:
        return next(gen).scalar(text("select 3"))
    except (StopIteration, ValueError):
        return None


if __name__ == "__main__":
    print(first(), second(), caught())
