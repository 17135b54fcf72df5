"""A server that speaks the wire protocol of MongoDB (OP_MSG), with the commands that the cases use: `URI`."""
import socketserver, struct, threading

import bson

DATA = {}
HELLO = {
    "ismaster": True, "isWritablePrimary": True, "helloOk": True, "maxWireVersion": 21, "minWireVersion": 0,
    "maxBsonObjectSize": 16777216, "maxMessageSizeBytes": 48000000, "maxWriteBatchSize": 100000,
    "logicalSessionTimeoutMinutes": 30, "readOnly": False,
}


def fits(document, query):
    return all(document.get(key) == value for key, value in query.items())


def cursor(documents, name):
    return {"ok": 1.0, "cursor": {"id": 0, "ns": "d." + name, "firstBatch": documents}}


def execute(command):
    name = next(iter(command))
    target = command[name]
    documents = DATA.setdefault(target, []) if isinstance(target, str) else []
    if name.lower() in ("hello", "ismaster"):
        return {"ok": 1.0, **HELLO}
    if name == "insert":
        documents.extend(command["documents"])
        return {"ok": 1.0, "n": len(command["documents"])}
    if name == "find":
        found = [document for document in documents if fits(document, command.get("filter", {}))]
        for key, order in reversed(list((command.get("sort") or {}).items())):
            found.sort(key=lambda document: document[key], reverse=order < 0)
        found = found[command.get("skip", 0) :]
        return cursor(found[: abs(command["limit"])] if command.get("limit") else found, target)
    if name == "aggregate":
        found = list(documents)
        for stage in command["pipeline"]:
            if "$match" in stage:
                found = [document for document in found if fits(document, stage["$match"])]
            if "$group" in stage:
                found = [{"_id": 1, "n": len(found)}] if found else []
        return cursor(found, target)
    if name == "update":
        count = 0
        for update in command["updates"]:
            for document in documents:
                if fits(document, update["q"]):
                    document.update(update["u"].get("$set", {}))
                    count += 1
                    if not update.get("multi"):
                        break
        return {"ok": 1.0, "n": count, "nModified": count}
    if name == "delete":
        before = len(documents)
        for delete in command["deletes"]:
            hit = [document for document in documents if fits(document, delete["q"])]
            for document in hit[: delete["limit"] or None]:
                documents.remove(document)
        return {"ok": 1.0, "n": before - len(documents)}
    if name == "listCollections":
        return cursor([{"name": key, "type": "collection"} for key in sorted(DATA)], "$cmd.listCollections")
    return {"ok": 1.0}


class Handler(socketserver.BaseRequestHandler):
    def read(self, size):
        data = b""
        while len(data) < size:
            part = self.request.recv(size - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def answer(self, code, request, payload):
        self.request.sendall(struct.pack("<iiii", 16 + len(payload), 1, request, code) + payload)

    def handle(self):
        try:
            while True:
                length, request, _, code = struct.unpack("<iiii", self.read(16))
                body = self.read(length - 16)
                if code == 2004:
                    at = body.index(b"\0", 4) + 9
                    size = struct.unpack("<i", body[at : at + 4])[0]
                    reply = bson.encode(execute(bson.decode(body[at : at + size])))
                    self.answer(1, request, struct.pack("<iqii", 8, 0, 0, 1) + reply)
                    continue
                flags, at = struct.unpack("<I", body[:4])[0], 4
                command, sequences = {}, {}
                while at < len(body):
                    kind = body[at]
                    at += 1
                    size = struct.unpack("<i", body[at : at + 4])[0]
                    if kind == 0:
                        command = bson.decode(body[at : at + size])
                    else:
                        end = body.index(b"\0", at + 4)
                        sequences[body[at + 4 : end].decode()] = bson.decode_all(body[end + 1 : at + size])
                    at += size
                command.update(sequences)
                reply = execute(command)
                if not flags & 2:
                    self.answer(2013, request, struct.pack("<I", 0) + b"\0" + bson.encode(reply))
        except (EOFError, OSError):
            pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


SERVER = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
URI = f"mongodb://127.0.0.1:{SERVER.server_address[1]}/?directConnection=true&retryWrites=false&retryReads=false"
