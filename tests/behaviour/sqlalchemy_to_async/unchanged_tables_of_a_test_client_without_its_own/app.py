from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionLocal = sessionmaker(bind=engine)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


Base.metadata.create_all(bind=engine)
app = FastAPI()


def get_db():
    with SessionLocal() as session:
        yield session


@app.post("/users")
def create(name: str, session: Session = Depends(get_db)):
    session.add(User(name=name))
    session.commit()
    return session.scalar(select(func.count()).select_from(User))
