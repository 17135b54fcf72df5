"""A server that answers as Elasticsearch and OpenSearch do: `URL`."""
import json, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STORE = {}
SHARDS = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path, code = self.path.split("?")[0], 200
        hits = [{"_index": "i", "_id": key, "_source": value} for key, value in sorted(STORE.items())]
        if path == "/_bulk":
            lines = [json.loads(line) for line in body.splitlines() if line]
            items = []
            for action, source in zip(lines[::2], lines[1::2]):
                STORE[action["index"]["_id"]] = source
                items.append({"index": {"_index": "i", "_id": action["index"]["_id"], "status": 201}})
            answer = {"took": 1, "errors": False, "items": items}
        elif path.endswith("_search/scroll"):
            answer = {"_scroll_id": "s", "hits": {"hits": []}, "_shards": SHARDS, "succeeded": True}
        elif path.endswith("_search"):
            answer = {"_scroll_id": "s", "hits": {"total": {"value": len(hits)}, "hits": hits}, "_shards": SHARDS}
        elif "/_doc/" in path and self.command == "PUT":
            STORE[path.rsplit("/", 1)[1]] = json.loads(body)
            answer = {"result": "created"}
        elif "/_doc/" in path:
            key = path.rsplit("/", 1)[1]
            code = 200 if key in STORE else 404
            answer = {"_id": key, "found": key in STORE, "_source": STORE.get(key)}
        elif path == "/_count":
            answer = {"count": len(STORE)}
        else:
            answer = {"acknowledged": True}
        data = b"" if self.command == "HEAD" else json.dumps(answer).encode()
        self.send_response(code)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        is_open = "opensearch" in self.headers.get("user-agent", "")
        kind = "application/json" if is_open else "application/vnd.elasticsearch+json;compatible-with=9"
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = handle_any


SERVER = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:{SERVER.server_port}"
