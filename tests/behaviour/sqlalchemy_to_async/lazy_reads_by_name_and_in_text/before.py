# case: args = --unsafe
# case: expect = selectinload(Team.members).selectinload(Member.tags)

from db import SessionLocal, setup
from models import Member, Team


def main():
    session = SessionLocal()
    try:
        team = session.query(Team).first()
        if team and team.members:
            print(len(team.members))
        first, *rest = team.members
        print(first.name, len(rest))
        for name, members in ((t.name, t.members) for t in session.query(Team)):
            print(name, len(members))
        print(getattr(team, "members")[0].name)
        print(any(m.tags for m in team.members), ", ".join(t.name for m in team.members for t in m.tags))
        data = [dict(name=m.name, team=m.team.name) for m in session.query(Member).all()]
        print(data)
    finally:
        session.close()


if __name__ == "__main__":
    setup()
    main()
