"""A server that speaks Neo4j's Bolt protocol, with a few statements that the cases use: `URI`.

https://neo4j.com/docs/bolt/current/bolt/message/ and https://neo4j.com/docs/bolt/current/packstream/
"""
import socketserver, struct, threading

PEOPLE = []
HELLO, RUN, BEGIN, COMMIT, ROLLBACK, PULL, RESET, DISCARD = 0x01, 0x10, 0x11, 0x12, 0x13, 0x3F, 0x0F, 0x2F
SUCCESS, RECORD, IGNORED, FAILURE = 0x70, 0x71, 0x7E, 0x7F


def pack(value):
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return struct.pack(">b", value) if -16 <= value < 128 else b"\xcb" + struct.pack(">q", value)
    if isinstance(value, str):
        data = value.encode()
        return head(len(data), 0x80, 0xD0) + data
    if isinstance(value, list):
        return head(len(value), 0x90, 0xD4) + b"".join(map(pack, value))
    return head(len(value), 0xA0, 0xD8) + b"".join(pack(key) + pack(one) for key, one in value.items())


def head(size, tiny, wide):
    return bytes([tiny + size]) if size < 16 else bytes([wide, size])


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size):
        return int.from_bytes(self.take(size), "big", signed=False)

    def value(self):
        mark = self.number(1)
        if mark < 0x80 or mark >= 0xF0:
            return mark if mark < 0x80 else mark - 256
        if mark in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[mark]
        if mark == 0xC1:
            return struct.unpack(">d", self.take(8))[0]
        if 0xC8 <= mark <= 0xCB:
            return int.from_bytes(self.take(1 << mark - 0xC8), "big", signed=True)
        for tiny, wide, read in ((0x80, 0xD0, self.text), (0x90, 0xD4, self.items), (0xA0, 0xD8, self.pairs)):
            if tiny <= mark < tiny + 16:
                return read(mark - tiny)
            if wide <= mark <= wide + 2:
                return read(self.number(1 << mark - wide))
        raise ValueError(hex(mark))

    def text(self, size):
        return self.take(size).decode()

    def items(self, size):
        return [self.value() for _ in range(size)]

    def pairs(self, size):
        return {self.value(): self.value() for _ in range(size)}


class Connection(socketserver.BaseRequestHandler):
    def exactly(self, size):
        data = b""
        while len(data) < size:
            part = self.request.recv(size - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def send(self, tag, *fields):
        data = bytes([0xB0 + len(fields), tag]) + b"".join(map(pack, fields))
        self.request.sendall(struct.pack(">H", len(data)) + data + b"\0\0")

    def message(self):
        data = b""
        while size := struct.unpack(">H", self.exactly(2))[0]:
            data += self.exactly(size)
        reader = Reader(data)
        count = reader.number(1) - 0xB0
        return reader.number(1), [reader.value() for _ in range(count)]

    def handle(self):
        self.rows, self.failed, self.kept = [], False, None
        try:
            self.exactly(20)
            self.request.sendall(bytes([0, 0, 0, 5]))
            while True:
                self.react(*self.message())
        except (EOFError, OSError):
            pass

    def react(self, tag, fields):
        if tag == RESET:
            self.failed = False
        elif self.failed:
            return self.send(IGNORED)
        elif tag == HELLO:
            return self.send(SUCCESS, {"server": "Neo4j/5.0.0", "connection_id": "bolt-1"})
        elif tag == BEGIN:
            self.kept = list(PEOPLE)
        elif tag == ROLLBACK:
            PEOPLE[:] = self.kept
        elif tag == RUN:
            return self.run(*fields[:2])
        elif tag in (PULL, DISCARD):
            rows, self.rows = self.rows, []
            for row in rows if tag == PULL else []:
                self.send(RECORD, row)
            return self.send(SUCCESS, {"type": "rw", "db": "neo4j"})
        self.send(SUCCESS, {})

    def run(self, text, parameters):
        if text.startswith("CREATE"):
            PEOPLE.append([parameters["name"], parameters["age"]])
        elif text.startswith("MATCH"):
            self.rows = sorted(PEOPLE)
        elif not text.startswith("RETURN"):
            self.failed = True
            code = "Neo.ClientError.Statement.SyntaxError"
            return self.send(FAILURE, {"code": code, "message": "no such statement"})
        self.send(SUCCESS, {"fields": ["name", "age"] if self.rows else []})


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


SERVER = Server(("127.0.0.1", 0), Connection)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
URI = f"bolt://127.0.0.1:{SERVER.server_address[1]}"
