from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

URL = "sqlite:///app.db"
engine = create_engine(URL)
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


def count(url: str):
    own = create_engine(url)
    with Session(own) as session:
        print(session.scalar(select(func.count()).select_from(User)))


@app.post("/users")
def create(name: str, tasks: BackgroundTasks, session: Session = Depends(get_db)):
    session.add(User(name=name))
    session.commit()
    tasks.add_task(count, URL)
    return session.scalar(select(func.count()).select_from(User))
