# case: args = --seed all
# case: expect = async with websockets.asyncio.client.connect(URI) as connection:
# case: expect = async for message in connection:
# case: expect = other = await websockets.asyncio.client.connect(URI)
from websocket_stub import URI
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


def shout(words):
    with connect(URI) as connection:
        for word in words:
            connection.send(word)
            print(connection.recv())


def countdown(number):
    with connect(URI) as connection:
        connection.send(str(number))
        for message in connection:
            print(message)
        print(connection.close_code, connection.close_reason)


def closed():
    other = connect(URI)
    try:
        other.send("1")
        print(other.recv(), other.subprotocol)
        other.recv()
    except ConnectionClosed as error:
        print(error.rcvd.code, error.rcvd.reason)
    finally:
        other.close()


def main():
    shout(["a", b"bc"])
    countdown(3)
    closed()


if __name__ == "__main__":
    main()
