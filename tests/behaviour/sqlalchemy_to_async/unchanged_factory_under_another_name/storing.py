from models import engine
from sqlalchemy.orm import Session


def make():
    return Session(engine)
