# case: args = --seed all
# case: expect = await asyncio.to_thread(client.recv, 100)
import socket
import threading


def serve(server):
    connection, address = server.accept()
    with connection:
        while data := connection.recv(100):
            connection.sendall(data.upper())


def main():
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    thread = threading.Thread(target=serve, args=(server,))
    thread.start()
    client = socket.create_connection(server.getsockname(), timeout=5)
    client.sendall(b"hello")
    print(client.recv(100))
    client.close()
    thread.join()
    server.close()
    print(socket.gethostbyname("127.0.0.1"), thread.is_alive())


main()
