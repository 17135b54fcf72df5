# case: args = --seed all --unsafe
# case: expect crud.py = (await db.scalars(select(models.User).offset(skip).limit(limit))).unique().all()
# case: reject crud.py = .query(
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

import crud
from models import Base

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(autocommit=False, autoflush=False, bind=engine)


def main():
    Base.metadata.create_all(bind=engine)
    with SessionLocal() as db:
        for name in ("ann", "bob", "cyd"):
            print(crud.create_user(db, name).id)
        print([user.name for user in crud.get_users(db, skip=1)], crud.get_user(db, 1).name)
        print(crud.get_user_by_name(db, "bob").id, crud.get_user_by_name(db, "zed"))
        print(crud.remove(db, 2), crud.number_of_users(db))


if __name__ == "__main__":
    main()
