"""A MySQL server on a free port of the loopback interface: `ADDRESS` holds the arguments of a connection.

It speaks the protocol (handshake, queries, result sets) and hands the SQL to SQLite, which knows what the cases say.
"""
import re, socketserver, sqlite3, struct, threading

# https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basics.html
CAPABILITIES = 0x0001 | 0x0008 | 0x0200 | 0x2000 | 0x8000 | 0x80000
IN_TRANSACTION, AUTOCOMMIT = 1, 2
STORE = "file:mysql_stub?mode=memory&cache=shared"
KEPT = sqlite3.connect(STORE, uri=True, check_same_thread=False)


def number(value):
    if value < 251:
        return bytes([value])
    return b"\xfc" + struct.pack("<H", value) if value < 1 << 16 else b"\xfd" + struct.pack("<I", value)[:3]


def text(value):
    value = value if isinstance(value, bytes) else str(value).encode()
    return number(len(value)) + value


class Connection(socketserver.BaseRequestHandler):
    def send(self, payload):
        self.request.sendall(struct.pack("<I", len(payload))[:3] + bytes([self.sequence]) + payload)
        self.sequence = (self.sequence + 1) % 256

    def receive(self):
        head = self.exactly(4)
        self.sequence = (head[3] + 1) % 256
        return self.exactly(int.from_bytes(head[:3], "little"))

    def exactly(self, size):
        data = b""
        while len(data) < size:
            part = self.request.recv(size - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def status(self):
        return (IN_TRANSACTION if self.store.in_transaction else 0) | (AUTOCOMMIT if self.autocommit else 0)

    def ok(self, affected=0, last=0):
        self.send(b"\0" + number(max(affected, 0)) + number(last or 0) + struct.pack("<HH", self.status(), 0))

    def error(self, code, state, message):
        self.send(b"\xff" + struct.pack("<H", code) + b"#" + state + str(message).encode())

    def end(self):
        self.send(b"\xfe" + struct.pack("<HH", 0, self.status()))

    def setup(self):
        self.sequence, self.autocommit = 0, True
        self.store = sqlite3.connect(STORE, uri=True, check_same_thread=False, isolation_level=None, timeout=5)

    def handle(self):
        greeting = b"\x0a" + b"8.0.0-stub\0" + struct.pack("<I", 1) + b"12345678\0" + struct.pack("<H", CAPABILITIES & 0xFFFF)
        greeting += bytes([45]) + struct.pack("<HH", AUTOCOMMIT, CAPABILITIES >> 16) + bytes([21]) + bytes(10)
        self.send(greeting + b"123456789012\0" + b"mysql_native_password\0")
        try:
            self.receive()
            self.ok()
            while True:
                packet = self.receive()
                if packet[0] == 1:
                    return
                self.query(packet[1:].decode()) if packet[0] == 3 else self.ok()
        except (EOFError, ConnectionError):
            pass
        finally:
            self.store.close()

    def query(self, sql):
        sql = sql.replace("auto_increment", "autoincrement").replace("int primary", "integer primary")
        setting = re.match(r"set\s+(?:@@session\.)?(\w+)\s*=?\s*(\S+)", sql, re.I)
        if setting:
            if setting[1].lower() == "autocommit":
                self.autocommit = setting[2].upper() in ("1", "ON")
            return self.ok()
        if "@@session.sql_mode" in sql:
            return self.rows(["@@session.sql_mode"], [("STRICT_TRANS_TABLES",)])
        try:
            if not self.autocommit and not self.store.in_transaction and not re.match("(commit|rollback|select)", sql, re.I):
                self.store.execute("begin")
            if re.match("(commit|rollback)", sql, re.I) and not self.store.in_transaction:
                return self.ok()
            cursor = self.store.execute(sql)
        except sqlite3.IntegrityError as error:
            return self.error(1062, b"23000", error)
        except sqlite3.Error as error:
            return self.error(1146 if "no such table" in str(error) else 1064, b"42000", error)
        if cursor.description is None:
            return self.ok(cursor.rowcount, cursor.lastrowid)
        self.rows([column[0] for column in cursor.description], cursor.fetchall())

    def rows(self, names, rows):
        self.send(number(len(names)))
        for place, name in enumerate(names):
            values = [row[place] for row in rows if row[place] is not None]
            kind = {int: 8, float: 5}.get(type(values[0]) if values else str, 253)
            column = text("def") + text("") + text("t") + text("t") + text(name) + text(name)
            self.send(column + b"\x0c" + struct.pack("<HIBHBH", 45 if kind == 253 else 63, 255, kind, 0, 0, 0))
        self.end()
        for row in rows:
            self.send(b"".join(b"\xfb" if value is None else text(value) for value in row))
        self.end()


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


SERVER = Server(("127.0.0.1", 0), Connection)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
ADDRESS = {"host": "127.0.0.1", "port": SERVER.server_address[1], "user": "u", "password": "p"}
