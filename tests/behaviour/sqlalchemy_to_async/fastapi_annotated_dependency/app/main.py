from fastapi import APIRouter, FastAPI, HTTPException
from sqlalchemy import func, select

from app.deps import SessionDep
from app.models import User
from app.schemas import UserCreate, UserOut

router = APIRouter(prefix="/users")


class Repo:
    def __init__(self, session: SessionDep):
        self.session = session

    def count(self) -> int:
        return self.session.scalar(select(func.count()).select_from(User))


@router.get("/", response_model=list[UserOut])
def read_users(session: SessionDep, skip: int = 0, limit: int = 100):
    print(Repo(session).count())
    return session.scalars(select(User).offset(skip).limit(limit)).all()


@router.post("/", response_model=UserOut)
def create(*, session: SessionDep, body: UserCreate):
    user = User(email=body.email)
    session.add(user)
    session.commit()
    session.refresh(user)
    return user


@router.delete("/{id}")
def delete(session: SessionDep, id: int):
    user = session.get(User, id)
    if not user:
        raise HTTPException(status_code=404, detail="User not found")
    session.delete(user)
    session.commit()
    return {"ok": True}


app = FastAPI()
app.include_router(router)
