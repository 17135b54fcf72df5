"""A server that answers like Slack's Web API: `BASE_URL`."""
import http.server, json, threading, urllib.parse

POSTED = []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        given = json.loads(body) if body.startswith("{") else dict(urllib.parse.parse_qsl(body))
        name = self.path.strip("/").split("?")[0].rsplit("/", 1)[-1]
        given.update(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        payload = json.dumps(answer(name, given)).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST

    def log_message(self, *arguments):
        pass


def answer(name, given):
    if name == "chat.postMessage":
        if given["channel"] == "#none":
            return {"ok": False, "error": "channel_not_found"}
        POSTED.append(given["text"])
        return {"ok": True, "channel": given["channel"], "ts": f"{len(POSTED)}.0"}
    if name == "conversations.list":
        page = int(given.get("cursor") or 0)
        more = {"next_cursor": str(page + 1)} if page < 2 else {"next_cursor": ""}
        return {"ok": True, "channels": [{"name": f"c{page}{place}"} for place in "ab"], "response_metadata": more}
    return {"ok": True, "method": name}


SERVER = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
BASE_URL = f"http://127.0.0.1:{SERVER.server_address[1]}/api/"
