# case: unchanged
import asyncio
import socket


async def main():
    left, right = socket.socketpair()
    right.setblocking(False)
    sock = socket.socket()
    sock.setblocking(False)
    try:
        sock.recv(10)
    except OSError as error:
        print(type(error).__name__ in ("BlockingIOError", "OSError"))
    for one in (left, right, sock):
        one.close()


asyncio.run(main())
