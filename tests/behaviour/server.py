"""The HTTP server of the behaviour cases.

Binds 127.0.0.1 only, on a free port, and prints "PORT <n>". It ends when its standard input closes, or after MAX_LIFE
seconds, so that none is left behind by tests that were killed. `/__reset__` forgets what earlier requests left.
"""
import base64, gzip, hashlib, json, os, sys, threading, time, zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_LIFE = float(os.environ.get("SERVER_MAX_LIFE", "900"))
STATE, LOCK = {}, threading.Lock()


def bump(key):
    with LOCK:
        STATE[key] = STATE.get(key, 0) + 1
        return STATE[key]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *a):
        pass

    def reply(self, code=200, body=b"", ctype="text/plain; charset=utf-8", headers=(), reason=None):
        if isinstance(body, (dict, list)):
            body, ctype = json.dumps(body).encode(), "application/json"
        elif isinstance(body, str):
            body = body.encode()
        if code in (204, 304):
            body, ctype = b"", None
        self.send_response(code, reason)
        if ctype:
            self.send_header("Content-Type", ctype)
        if code not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        for k, v in headers:
            self.send_header(k, v)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def read_body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            out = b""
            while True:
                n = int(self.rfile.readline().split(b";")[0], 16)
                out += self.rfile.read(n)
                self.rfile.readline()
                if n == 0:
                    return out
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def start_chunked(self, ctype="text/plain; charset=utf-8"):
        self.send_response(200)
        if ctype:
            self.send_header("Content-Type", ctype)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def handle_any(self):
        try:
            self.route()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_TRACE = do_PURGE = handle_any

    def route(self):
        parts = urlsplit(self.path)
        q = dict(parse_qsl(parts.query, keep_blank_values=True))
        seg = [unquote(s) for s in parts.path.strip("/").split("/")]
        name = seg[0]
        body = self.read_body()
        if name == "__reset__":
            with LOCK:
                STATE.clear()
            return self.reply(200, "reset")
        if name in ("echo", ""):
            return self.reply(200, {
                "method": self.command, "path": self.path,
                "headers": [[k, v] for k, v in self.headers.items()],
                "body": body.decode("latin-1"), "client": self.client_address[1]})
        if name == "status":
            h = [("Location", q["loc"])] if "loc" in q else []
            return self.reply(int(seg[1]), q.get("body", "status %s" % seg[1]), headers=h, reason=q.get("reason"))
        if name == "redirect":
            n = int(seg[1])
            loc = "/redirect/%d" % (n - 1) if n > 1 else "/echo?end=1"
            return self.reply(int(q.get("code", 302)), "", headers=[("Location", loc)])
        if name == "redirect-to":
            h = [("Location", q["url"])]
            if "cookie" in q:
                h.append(("Set-Cookie", q["cookie"]))
            return self.reply(int(q.get("code", 302)), "", headers=h)
        if name == "set-cookie":
            return self.reply(200, "set", headers=[("Set-Cookie", "%s=%s; Path=/" % kv) for kv in q.items()])
        if name == "cookies":
            return self.reply(200, {"cookie": self.headers.get("Cookie", "")})
        if name == "basic":
            want = "Basic " + base64.b64encode(b"u:p").decode()
            if self.headers.get("Authorization") == want:
                return self.reply(200, {"auth": "ok"})
            return self.reply(401, "no", headers=[("WWW-Authenticate", 'Basic realm="r"')])
        if name == "digest":
            a = self.headers.get("Authorization", "")
            if a.startswith("Digest "):
                import urllib.request
                d = urllib.request.parse_keqv_list(urllib.request.parse_http_list(a[7:]))
                md5 = lambda s: hashlib.md5(s.encode()).hexdigest()
                ha1, ha2 = md5("u:r:p"), md5("%s:%s" % (self.command, d["uri"]))
                if d["response"] == md5(":".join([ha1, d["nonce"], d["nc"], d["cnonce"], d["qop"], ha2])):
                    return self.reply(200, {"auth": "digest ok"})
            return self.reply(401, "no", headers=[("WWW-Authenticate", 'Digest realm="r", nonce="n1", qop="auth", algorithm=MD5')])
        if name == "slow":
            time.sleep(float(q.get("s", "1")))
            return self.reply(200, {"slept": q.get("s")})
        if name == "flaky":  # fails `fail` times, then succeeds
            n = bump("flaky:" + q.get("key", ""))
            if n <= int(q.get("fail", "2")):
                return self.reply(int(q.get("code", 503)), "try %d" % n, headers=[("Retry-After", q["ra"])] if "ra" in q else [])
            return self.reply(200, {"tries": n})
        if name == "lines":
            sep = q.get("sep", "\n").encode().decode("unicode_escape").encode("latin-1")
            data = b"".join(b"line %d%s" % (i, sep) for i in range(int(q.get("n", 3))))
            self.start_chunked()
            step = int(q.get("step", 5))
            for i in range(0, len(data), step):
                self.chunk(data[i:i + step])
            return self.chunk(b"")
        if name == "raw":  # body given as latin-1 percent-escapes, sent in one chunk per `|`
            self.start_chunked(q.get("ctype"))
            for piece in parse_bytes(parts.query, "body").split(b"|"):
                if piece:
                    self.chunk(piece)
            return self.chunk(b"")
        if name == "bytes":
            return self.reply(200, bytes(i % 256 for i in range(int(seg[1]))), "application/octet-stream")
        if name == "body":  # exact bytes and content type
            return self.reply(int(q.get("code", 200)), parse_bytes(parts.query, "body"), q.get("ctype"))
        if name == "gzip":
            return self.reply(200, gzip.compress(b"hello gzip " * 20, mtime=0), "text/plain", [("Content-Encoding", "gzip")])
        if name == "badgzip":
            return self.reply(200, b"not gzip at all", "text/plain", [("Content-Encoding", "gzip")])
        if name == "deflate":
            return self.reply(200, zlib.compress(b"hello deflate " * 20), "text/plain", [("Content-Encoding", "deflate")])
        if name == "links":
            return self.reply(200, [], headers=[("Link", '<http://h/?page=2>; rel="next", <http://h/?page=9>; rel="last"')])
        if name == "pages":
            n = int(q.get("page", 1))
            last = int(q.get("last", 3))
            return self.reply(200, {"items": ["p%d-%d" % (n, i) for i in range(2)], "next": n + 1 if n < last else None})
        if name == "multi-header":
            return self.reply(200, "x", headers=[("X-A", "1"), ("X-A", "2"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        if name == "user":
            n = int(seg[1])
            return self.reply(200, {"id": n, "name": "user%d" % n}) if n < 90 else self.reply(404, {"error": "no user %d" % n})
        if name == "drop":
            self.close_connection = True
            return self.connection.close()
        if name == "truncated":
            self.send_response(200); self.send_header("Content-Length", "100"); self.end_headers()
            self.wfile.write(b"short"); self.wfile.flush(); self.close_connection = True
            return
        if name == "badchunk":
            self.send_response(200); self.send_header("Transfer-Encoding", "chunked"); self.end_headers()
            self.wfile.write(b"zz\r\nhello\r\n"); self.wfile.flush(); self.close_connection = True
            return
        if name == "stall":  # headers and one chunk, then silence
            self.start_chunked(); self.chunk(b"first\n"); time.sleep(float(q.get("s", "2")))
            return self.chunk(b"")
        if name == "garbage":
            self.wfile.write(b"NOT HTTP\r\n\r\n"); self.wfile.flush(); self.close_connection = True
            return
        return self.reply(404, {"error": "not found", "path": self.path})


def parse_bytes(query, key):
    from urllib.parse import unquote_to_bytes
    for pair in query.split("&"):
        k, _, v = pair.partition("=")
        if k == key:
            return unquote_to_bytes(v.replace("+", " "))
    return b""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):  # a client that hangs up is no news here
        if not isinstance(sys.exc_info()[1], (ConnectionError, ValueError)):
            super().handle_error(request, client_address)


def main():
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("PORT", server.server_address[1], flush=True)
    timer = threading.Timer(MAX_LIFE, os._exit, [0])
    timer.daemon = True
    timer.start()
    sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
