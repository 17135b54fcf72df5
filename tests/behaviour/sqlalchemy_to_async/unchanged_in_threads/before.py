# case: args = --unsafe
# case: unchanged
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


def one(session: Session) -> int:
    return session.scalar(text("select 1"))


def main():
    with Session(engine) as session, ThreadPoolExecutor(1) as pool:
        print(pool.submit(one, session).result())


if __name__ == "__main__":
    main()
