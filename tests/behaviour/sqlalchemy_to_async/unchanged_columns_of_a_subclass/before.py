# A query for a base leaves out the columns of the classes that derive from it.
# case: args = --seed all --unsafe
# case: unchanged
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, joinedload, selectinload

from db import SessionLocal, engine, setup
from models import Author, Book, Cat, Dog, Pet


def main():
    setup()
    with SessionLocal() as s:
        s.add_all([Dog(name="d", bark="woof"), Cat(name="c", purr=1)])
        s.commit()
    with SessionLocal() as s:
        for pet in s.query(Pet).order_by(Pet.id):
            print(type(pet).__name__, pet.name, getattr(pet, "bark", None), getattr(pet, "purr", None))


main()

