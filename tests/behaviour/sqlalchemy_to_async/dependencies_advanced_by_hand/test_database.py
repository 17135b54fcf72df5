import pytest
from sqlalchemy import select

from database import CLOSED, User, get_db


def test_gives_a_session_and_closes_it():
    gen = get_db()
    db = next(gen)
    db.add(User(name="ann"))
    db.commit()
    assert db.scalar(select(User.name)) == "ann"
    before = len(CLOSED)
    try:
        next(gen)
    except StopIteration:
        pass
    assert len(CLOSED) == before + 1


def test_ends():
    gen = get_db()
    assert next(gen) is not None
    with pytest.raises(StopIteration):
        next(gen)


def test_gives_nothing_more():
    gen = get_db()
    assert next(gen).scalar(select(User.name)) is None
    assert next(gen, None) is None


def test_is_closed():
    gen = get_db()
    db = next(gen)
    assert db.scalars(select(User)).all() == []
    gen.close()


def test_fixture(session):
    session.add(User(name="bob"))
    session.flush()
    assert session.scalars(select(User.name)).all() == ["bob"]
