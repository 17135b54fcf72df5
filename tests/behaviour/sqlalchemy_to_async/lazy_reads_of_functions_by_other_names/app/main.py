from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy.orm import Session

from app import crud, schemas
from app.models import get_db

app = FastAPI()


@app.post("/posts/", response_model=schemas.PostOut)
def create_post(post: schemas.PostIn, db: Session = Depends(get_db)):
    posts = crud.Posts(db)
    made = posts.create_post(post.title)
    for text in post.comments:
        crud.comment(db=db, post=made, text=text)
    return made


@app.put("/posts/{key}", response_model=schemas.PostOut)
def rename_post(key: int, post: schemas.PostIn, db: Session = Depends(get_db)):
    found = crud.find(db, key)
    if found is None:
        raise HTTPException(status_code=404)
    renamed = crud.rename_post(db=db, post=found, title=post.title)
    crud.comment(db, renamed, "renamed")
    return renamed
