"""A WebSocket server that sends back what it gets, and counts down from a number: `URI`."""
import threading

from websockets.sync.server import serve


def handler(connection):
    for message in connection:
        if isinstance(message, str) and message.isdigit():
            for number in range(int(message), 0, -1):
                connection.send(str(number))
            connection.close(1001, "done")
            return
        connection.send(message.upper())


SERVER = serve(handler, "127.0.0.1", 0)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
URI = f"ws://127.0.0.1:{SERVER.socket.getsockname()[1]}"
