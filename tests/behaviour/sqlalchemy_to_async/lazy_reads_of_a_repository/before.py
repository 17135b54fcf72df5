# case: args = --unsafe
# case: expect = return (await self.session.scalars(select(Member).options(selectinload(Member.tags)).order_by(Member.name))).all()
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import SessionLocal, setup
from models import Member


class Repo:
    def __init__(self, session: Session):
        self.session = session

    def get(self, name):
        return self.session.query(Member).filter(Member.name == name).first()

    def all(self):
        return self.session.scalars(select(Member).order_by(Member.name)).all()


def main():
    with SessionLocal() as session:
        repo = Repo(session)
        ann = repo.get("ann")
        print(ann.team.name, ann.bio)
        labels = {m.name: len(m.tags) for m in repo.all()}
        print(labels)


if __name__ == "__main__":
    setup()
    main()
