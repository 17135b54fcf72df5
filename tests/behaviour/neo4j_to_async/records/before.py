# case: args = --seed all
# case: expect = async with AsyncGraphDatabase.driver(URI, auth=("neo4j", "secret")) as driver:
# case: expect = async for record in await session.run("MATCH (p:Person) RETURN p.name AS name, p.age AS age"):
# case: expect = await tx.rollback()
from bolt_stub import URI
from neo4j import Driver, GraphDatabase
from neo4j.exceptions import ClientError

ALL = "MATCH (p:Person) RETURN p.name AS name, p.age AS age"


def add(driver: Driver, name: str, age: int):
    with driver.session() as session:
        session.run("CREATE (:Person {name: $name, age: $age})", name=name, age=age).consume()


def ages(driver: Driver):
    with driver.session() as session:
        for record in session.run("MATCH (p:Person) RETURN p.name AS name, p.age AS age"):
            print(record["name"], record["age"])
        return session.run(ALL).data(), session.run(ALL).values()


def undone(driver: Driver):
    with driver.session() as session:
        tx = session.begin_transaction()
        tx.run("CREATE (:Person {name: $name, age: $age})", name="lost", age=1)
        tx.rollback()
        with session.begin_transaction() as kept:
            kept.run("CREATE (:Person {name: $name, age: $age})", name="kept", age=400)
            kept.commit()


def main():
    with GraphDatabase.driver(URI, auth=("neo4j", "secret")) as driver:
        driver.verify_connectivity()
        add(driver, "b", 30)
        add(driver, "a", 20)
        print(ages(driver))
        undone(driver)
        records, summary, keys = driver.execute_query(ALL)
        print([record.data() for record in records], keys)
        try:
            with driver.session() as session:
                session.run("NONSENSE").consume()
        except ClientError as error:
            print(error.code)


if __name__ == "__main__":
    main()
