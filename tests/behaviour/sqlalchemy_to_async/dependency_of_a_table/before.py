# case: args = --seed all --unsafe
# case: expect = Depends(DEPENDENCIES["db"])
# case: reject = AsyncSession
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = 'users'
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
engine = create_engine('sqlite:///./app.db')
SessionLocal = sessionmaker(bind=engine)
Base.metadata.create_all(bind=engine)
app = FastAPI()

def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()
DEPENDENCIES = {"db": get_db}

@app.on_event('startup')
def greet():
    print('starts')

@app.on_event('startup')
def fill():
    """The first users."""
    with SessionLocal() as session:
        session.add(User(name='ann'))
        session.commit()

@app.on_event('shutdown')
def stop():
    print('stops')

@app.get('/users')
def users(db: Session=Depends(DEPENDENCIES["db"])):
    return [user.name for user in db.scalars(select(User).order_by(User.id))]
with TestClient(app) as client:
    print(client.get('/users').json())
