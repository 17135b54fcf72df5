# case: args = --unsafe
# case: expect = def count(session: "AsyncSession") -> int:
# case: expect = Optional[AsyncSession]
from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from sqlalchemy import create_engine, text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite://")
maker: sessionmaker[Session] = sessionmaker(engine)


def count(session: "Session") -> int:
    return session.scalar(text("select 2"))


def maybe(session: Optional[Session] = None) -> int:
    return 0 if session is None else count(session)


def main() -> None:
    with maker() as session:
        print(count(session), maybe(), maybe(session))


if __name__ == "__main__":
    main()
