from app.database import Base, SessionLocal, User, engine


def count():
    with SessionLocal() as session:
        session.add(User(name="ann"))
        session.commit()
        return session.query(User).count()


if __name__ == "__main__":
    Base.metadata.create_all(engine)
    print(count())
