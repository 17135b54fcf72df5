# case: args = --seed all --unsafe
# case: expect = async with self.conn.cursor(row_factory=dict_row) as cursor:
# case: expect = except psycopg.errors.UniqueViolation:
# case: expect = from psycopg.rows import dict_row, namedtuple_row
import psycopg2
import psycopg2.errors
from postgres import ADDRESS
from psycopg2.extras import NamedTupleCursor, RealDictCursor


class People:
    def __init__(self):
        self.conn = None

    def open(self):
        self.conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user=ADDRESS["user"])

    def close(self):
        self.conn.close()

    def fill(self):
        cursor = self.conn.cursor()
        cursor.execute("create temp table person(id int primary key, name text)")
        cursor.executemany("insert into person values (%s, %s)", [(1, "a"), (2, "b"), (3, "c")])
        self.conn.commit()

    def rows(self):
        with self.conn.cursor(cursor_factory=RealDictCursor) as cursor:
            cursor.execute("select id, name from person where id < %s order by id", (3,))
            return [dict(row) for row in cursor.fetchall()]

    def first(self):
        with self.conn.cursor(cursor_factory=NamedTupleCursor) as cursor:
            cursor.execute("select * from person order by id")
            return cursor.fetchone().name, cursor.rowcount

    def add(self, number):
        cursor = self.conn.cursor()
        try:
            cursor.execute("insert into person values (%s, 'x')", (number,))
        except psycopg2.errors.UniqueViolation:
            self.conn.rollback()
            return "taken"
        self.conn.commit()
        return "added"


def main():
    people = People()
    people.open()
    try:
        people.fill()
        print(people.rows(), people.first())
        print(people.add(3), people.add(4))
    finally:
        people.close()


if __name__ == "__main__":
    main()
