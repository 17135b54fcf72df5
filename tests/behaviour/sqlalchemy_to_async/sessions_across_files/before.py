# case: args = --unsafe
from contextlib import contextmanager

import crud
from db import Base, SessionLocal, engine
from sqlalchemy import text


@contextmanager
def scope():
    session = SessionLocal()
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


def setup():
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(bind=engine, checkfirst=True)


def main():
    setup()
    with SessionLocal() as db:
        for name in ("ann", "bob"):
            print(crud.add_user(db, name).id)
        print(crud.names(db))
    with scope() as db:
        user = crud.by_id(db, 1)
        user.name = "zed"
    with SessionLocal.begin() as db:
        print(crud.names(db), crud.by_id(db, 9))
    with engine.connect() as conn:
        print(conn.execute(text("select count(*) from users")).scalar_one())
    with engine.begin() as conn:
        conn.execute(text("delete from users"))
    engine.dispose()


if __name__ == "__main__":
    main()
