# case: args = --seed all --unsafe
# case: unchanged
import pymysql
from mysql_stub import ADDRESS


def main():
    conn = pymysql.connect(**ADDRESS)
    with conn.cursor() as cur:
        cur.execute("select 1 where 1 in %s", ((1, 2),))
        print(cur.fetchall())
    conn.close()


main()
