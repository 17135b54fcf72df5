"""The services of the demo: a server on the loopback interface, in a thread of its own."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAMES = ["accounts", "billing", "mail", "search"]


def answer(name: str, round_number: int) -> tuple[int, dict[str, object]]:
    """What a service says in a round: `billing` fails in the second one, `mail` is on its knees in all of them."""
    if name not in NAMES:
        return 404, {"error": "no such service"}
    if name == "billing" and round_number == 2:
        return 503, {"error": "maintenance"}
    return 200, {"name": name, "load": 95 if name == "mail" else 10 * round_number}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        time.sleep(0.05)  # a service takes its time
        name = self.path.strip("/").split("/")[0]
        status, payload = answer(name, int(self.headers.get("X-Round", "1")))
        body = json.dumps(payload).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serve() -> Iterator[str]:
    """Runs the services, and yields their address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
