# case: args = --seed all --unsafe
# case: unchanged
import psycopg2
from postgres import ADDRESS


def left_before_commit(name):
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    cursor = conn.cursor()
    try:
        cursor.execute("insert into thing values (%s)", (name,))
        if name == "b":
            return "forgotten"
        conn.commit()
        return "kept"
    finally:
        conn.close()


def never_committed():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    cursor = conn.cursor()
    cursor.execute("insert into thing values ('c')")
    conn.close()


def broken():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    cursor = conn.cursor()
    for name in ("d", "e"):
        try:
            cursor.execute("select name from nothing where name = %s", (name,))
            cursor.execute("insert into thing values (%s)", (name,))
            conn.commit()
        except Exception as error:
            print(type(error).__name__)
    conn.close()


def on_purpose(name):
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    cursor = conn.cursor()
    cursor.execute("insert into thing values (%s)", (name,))
    if name == "f":
        conn.rollback()
    conn.commit()
    conn.close()


def sequence():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    cursor = conn.cursor()
    cursor.execute("select set_config('work_mem', '1MB', true)")
    cursor.execute("select current_setting('work_mem')")
    (found,) = cursor.fetchone()
    conn.close()
    return found


def setup():
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    cursor = conn.cursor()
    cursor.execute(f"create table {'thing'}(name text)")
    conn.commit()
    conn.close()


def main():
    setup()
    print(left_before_commit("a"), left_before_commit("b"))
    never_committed()
    broken()
    on_purpose("f")
    on_purpose("g")
    print(sequence())
    conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", dbname="postgres")
    cursor = conn.cursor(name="all")
    cursor.execute("select name from thing order by name")
    print([name for (name,) in cursor])
    conn.close()


if __name__ == "__main__":
    main()
