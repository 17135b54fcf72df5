"""The history of the checks."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

from status_board.checks import Check

engine = create_async_engine("sqlite+aiosqlite://")
SessionLocal = sessionmaker(
    engine,
    class_=AsyncSession,
    expire_on_commit=False,
)


class Base(DeclarativeBase):
    pass


class Entry(Base):
    """One service in one round."""

    __tablename__ = "entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_number: Mapped[int]
    service: Mapped[str]
    state: Mapped[str]


async def create_tables() -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


async def save(round_number: int, checks: Sequence[Check]) -> None:
    async with SessionLocal.begin() as session:
        session.add_all(
            Entry(round_number=round_number, service=check.service, state=check.state)
            for check in checks
        )


async def uptime() -> dict[str, str]:
    """How often each service was up, of how many rounds."""
    is_up = func.count().filter(Entry.state == "up")
    query = select(Entry.service, is_up, func.count()).group_by(Entry.service)
    async with SessionLocal() as session:
        rows = await session.execute(query.order_by(Entry.service))
        return {service: f"{up}/{rounds}" for service, up, rounds in rows}
