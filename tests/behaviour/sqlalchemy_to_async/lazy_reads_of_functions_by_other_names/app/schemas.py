from pydantic import BaseModel, ConfigDict


class CommentOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    text: str


class PostIn(BaseModel):
    title: str
    comments: list[str] = []


class PostOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    title: str
    changed: str
    comments: list[CommentOut]
