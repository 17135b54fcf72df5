import pytest

from sqlalchemy.orm import Session

from database import Base, engine


@pytest.fixture(autouse=True)
def tables():
    Base.metadata.create_all(engine)
    yield
    Base.metadata.drop_all(engine)


@pytest.fixture
def session():
    with Session(engine) as opened:
        yield opened
