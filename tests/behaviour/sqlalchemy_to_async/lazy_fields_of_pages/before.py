# Fields of schemas read objects that a dict or another schema hands over, and by the names that they have in objects.
# case: args = --unsafe
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from pydantic import AliasPath, BaseModel, ConfigDict, Field
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

engine = create_engine("sqlite:///app.db")


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship(back_populates="author", order_by="Book.id")


class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    author: Mapped[Author] = relationship(back_populates="books")


class AuthorOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    name: str


class BookOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    title: str
    writer: AuthorOut = Field(validation_alias="author")


class Line(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    title: str
    name: str = Field(validation_alias=AliasPath("author", "name"))


class Page(BaseModel):
    items: list[BookOut]
    total: int


def get_db():
    with Session(engine) as session:
        yield session


@asynccontextmanager
async def lifespan(app):
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Author(name="ann", books=[Book(title="x"), Book(title="y")]), Author(name="bob", books=[Book(title="z")])])
        session.commit()
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/dict", response_model=Page)
def by_dict(db: Session = Depends(get_db)):
    query = db.query(Book)
    return {"items": query.order_by(Book.id).offset(1).all(), "total": query.count()}


@app.get("/page", response_model=Page)
def by_page(db: Session = Depends(get_db)):
    books = db.scalars(select(Book).order_by(Book.id)).all()
    return Page(items=books, total=len(books))


@app.get("/line", response_model=Line)
def by_path(db: Session = Depends(get_db)):
    return db.get(Book, 3)


@app.get("/made")
def made(db: Session = Depends(get_db)) -> AuthorOut:
    author = AuthorOut(name=db.get(Author, 1).name)
    return author


with TestClient(app) as client:
    for path in ("dict", "page", "line", "made"):
        response = client.get(f"/{path}")
        print(response.status_code, response.json())
