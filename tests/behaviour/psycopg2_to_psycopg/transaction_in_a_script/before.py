# case: args = --seed all --unsafe
# case: expect = async with _transaction(conn):
import psycopg2
from postgres import ADDRESS

conn = psycopg2.connect(host=ADDRESS["host"], port=ADDRESS["port"], user="postgres", database="postgres")
cursor = conn.cursor()
cursor.execute("create temp table item(id int)")
conn.commit()
with conn:
    cursor.execute("insert into item values (1)")
cursor.execute("select count(*) from item")
print(cursor.fetchone()[0])
conn.close()
