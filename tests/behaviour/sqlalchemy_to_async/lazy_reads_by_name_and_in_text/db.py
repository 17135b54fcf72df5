from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from models import Base, Member, Tag, Team

engine = create_engine("sqlite:///./h.db")
SessionLocal = sessionmaker(engine)


def setup():
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with SessionLocal() as session:
        team = Team(name="red")
        ann = Member(name="ann", team=team, tags=[Tag(name="a"), Tag(name="b")])
        bob = Member(name="bob", team=team, boss=ann)
        session.add_all([team, ann, bob])
        session.commit()
