# case: args = --unsafe
# case: expect = @event.listens_for(engine.sync_engine, "connect")
from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_engine("sqlite://")
log = []


@event.listens_for(engine, "connect")
def foreign_keys(connection, record):
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
    log.append("connect")


@event.listens_for(Session, "before_flush")
def before_flush(session, context, instances):
    log.append(f"flush {len(session.new)}")


@event.listens_for(User, "before_insert")
def before_insert(mapper, connection, target):
    target.name = target.name.upper()


def main():
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        user = User(name="ann")
        session.add(user)
        session.commit()
        print(user.name, session.scalar(text("PRAGMA foreign_keys")), log)
    engine.dispose()


main()
