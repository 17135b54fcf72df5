# case: args = --unsafe
# case: expect = async def main():
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, select

metadata = MetaData()
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", String),
)

if __name__ == "__main__":
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(notes), [{"text": "a"}, {"text": "b"}])
    with engine.connect() as connection:
        for row in connection.execute(select(notes).order_by(notes.c.id)):
            print(row.id, row.text)
    engine.dispose()
