from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    members: Mapped[list["Member"]] = relationship(back_populates="team", cascade="all, delete-orphan")


class Member(Base):
    __tablename__ = "member"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    bio: Mapped[str] = mapped_column(default="x", deferred=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    team: Mapped["Team"] = relationship(back_populates="members")
    boss: Mapped["Member | None"] = relationship(remote_side=[id], backref="reports")
    tags: Mapped[list["Tag"]] = relationship()


class Tag(Base):
    __tablename__ = "tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
