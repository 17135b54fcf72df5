# case: args = --unsafe
# case: expect crud.py = .options(selectinload(User.posts).selectinload(Post.comments))
# case: expect = await db.refresh(user, ["posts"])
from fastapi import Depends, FastAPI, HTTPException
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

import crud
from database import SessionLocal, engine
from models import Base, Comment, Post, User


class CommentOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    text: str


class PostOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    comments: list[CommentOut]


class UserBase(BaseModel):
    name: str


class UserOut(UserBase):
    model_config = ConfigDict(from_attributes=True)

    id: int
    posts: list[PostOut]


class PostTitle(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    title: str


class UserTitles(UserBase):
    model_config = ConfigDict(from_attributes=True)

    posts: list[PostTitle]


app = FastAPI()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@app.get("/users/{key}", response_model=UserOut)
def read_user(key: int, db: Session = Depends(get_db)):
    user = crud.get_user(db, key)
    if user is None:
        raise HTTPException(404)
    return user


@app.get("/users")
def read_users(db: Session = Depends(get_db)) -> list[UserOut]:
    return crud.all_users(db)


@app.post("/users", response_model=UserTitles)
def create_user(data: UserBase, db: Session = Depends(get_db)):
    user = User(name=data.name)
    db.add(user)
    db.commit()
    db.refresh(user)
    return user


def main():
    Base.metadata.create_all(engine)
    with SessionLocal() as db:
        post = Post(title="x", comments=[Comment(text="hm")])
        db.add(User(name="ann", posts=[post, Post(title="y")]))
        db.commit()


if __name__ == "__main__":
    main()
    client = TestClient(app)
    for path in ("/users/1", "/users/9", "/users"):
        response = client.get(path)
        print(response.status_code, response.json())
    response = client.post("/users", json={"name": "bob"})
    print(response.status_code, response.json())
