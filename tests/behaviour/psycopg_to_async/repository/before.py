# case: args = --seed all --unsafe
# case: expect = self.conn = await psycopg.AsyncConnection.connect(**ADDRESS)
# case: expect = await self.conn.set_autocommit(True)
# case: expect = conn: psycopg.AsyncConnection | None = None
import psycopg
from postgres import ADDRESS
from psycopg.rows import dict_row


class Repository:
    conn: psycopg.Connection | None = None

    def open(self):
        self.conn = psycopg.connect(**ADDRESS)
        self.conn.autocommit = True
        self.conn.execute("create temp table note(text text)")

    def cursor(self) -> psycopg.Cursor:
        return self.conn.cursor(row_factory=dict_row)

    def add(self, *texts):
        self.cursor().executemany("insert into note values (%s)", [(text,) for text in texts])

    def find(self, part):
        return self.cursor().execute("select * from note where text like %s", (f"%{part}%",)).fetchall()


def main():
    repository = Repository()
    repository.open()
    with repository.conn:
        repository.add("tea", "toast", "milk")
        print(repository.find("t"))
    print(repository.conn.closed)


if __name__ == "__main__":
    main()
