"""A server that keeps objects as S3 does: `URL`."""
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STORE = {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, body=b"", code=200):
        self.send_response(code)
        self.send_header("content-type", "application/xml")
        self.send_header("content-length", str(len(body)))
        self.send_header("etag", '"1"')
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        STORE[self.path.split("?")[0]] = body
        self.answer()

    def do_GET(self):
        path = self.path.split("?")[0]
        if path.count("/") == 1:
            keys = "".join(f"<Contents><Key>{key.split('/', 2)[2]}</Key></Contents>" for key in sorted(STORE))
            return self.answer(f"<ListBucketResult><IsTruncated>false</IsTruncated>{keys}</ListBucketResult>".encode())
        if path not in STORE:
            return self.answer(b"<Error><Code>NoSuchKey</Code><Message>no</Message></Error>", 404)
        self.answer(STORE[path])


SERVER = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:{SERVER.server_port}"
