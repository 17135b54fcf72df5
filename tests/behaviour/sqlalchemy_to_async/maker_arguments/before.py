# case: args = --unsafe
# case: expect = make_one = async_sessionmaker(engine, expire_on_commit=False)
# case: expect = make_two = async_sessionmaker(bind=engine, expire_on_commit=False, autoflush=False)
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

engine = create_engine("sqlite:///./pool.db", poolclass=QueuePool, pool_size=2)

make_one = sessionmaker(engine)
make_two = sessionmaker(bind=engine, class_=Session, autoflush=False)
make_three = sessionmaker(
    autoflush=False,
    bind=engine,  # the only one
)
make_four = sessionmaker()
make_four.configure(bind=engine)


def one(session):
    return session.execute(text("select 1")).scalar_one()


def main():
    with make_one() as session:
        print(one(session))
    with make_two() as session:
        print(one(session))
    session = make_three()
    print(one(session))
    session.close()
    with make_four(autoflush=False) as session, session.begin():
        print(one(session))
    engine.dispose()


if __name__ == "__main__":
    main()
