import redis
from redis.exceptions import ResponseError
from redis_stub import PORT


def main():
    pool = redis.ConnectionPool(port=PORT)
    client = redis.Redis(connection_pool=pool)
    client.set("text", "a")
    try:
        client.execute_command("NO_SUCH_COMMAND")
    except ResponseError as error:
        print("refused", str(error).split("'")[0])
    print(client.get("text"), client.get("none"))
    client.close()
    pool.disconnect()


if __name__ == "__main__":
    main()
