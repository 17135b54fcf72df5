"""A server that answers as the APIs of OpenAI and Anthropic do: `URL`, without a path."""
import json, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def events(*values):
    return b"".join(
        (b"event: %s\n" % kind.encode() if kind else b"") + b"data: " + json.dumps(value).encode() + b"\n\n"
        for kind, value in values
    )


def chunk(text, end=None):
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": end}
    return None, {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


MESSAGE = {
    "id": "msg", "type": "message", "role": "assistant", "model": "m", "stop_reason": "end_turn", "stop_sequence": None,
    "usage": {"input_tokens": 1, "output_tokens": 2},
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, body, kind="application/json", code=200):
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path.split("?")[0].endswith("/missing"):
            return self.answer({"error": {"message": "no such model", "type": "x"}}, code=404)
        models = [{"id": f"m{n}", "object": "model", "created": n, "owned_by": "us", "type": "model",
                   "display_name": f"M{n}", "created_at": "2025-01-01T00:00:00Z"} for n in (1, 2)]
        self.answer({"object": "list", "data": models, "has_more": False, "first_id": "m1", "last_id": "m2"})

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        path = self.path.split("?")[0]
        if path.endswith("/messages"):
            if not asked.get("stream"):
                return self.answer({**MESSAGE, "content": [{"type": "text", "text": "hello"}]})
            start = {**MESSAGE, "content": [], "stop_reason": None}
            block = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
            parts = [("content_block_delta", {"type": "content_block_delta", "index": 0,
                                              "delta": {"type": "text_delta", "text": text}}) for text in ("he", "llo")]
            end = {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None},
                   "usage": {"output_tokens": 2}}
            body = events(
                ("message_start", {"type": "message_start", "message": start}), ("content_block_start", block), *parts,
                ("content_block_stop", {"type": "content_block_stop", "index": 0}), ("message_delta", end),
                ("message_stop", {"type": "message_stop"}),
            )
            return self.answer(body, "text/event-stream")
        if path.endswith("/count_tokens"):
            return self.answer({"input_tokens": 7})
        if path.endswith("/embeddings"):
            data = [{"object": "embedding", "index": 0, "embedding": [1.0, 2.0]}]
            return self.answer({"object": "list", "data": data, "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}})
        if asked.get("stream"):
            return self.answer(events(chunk("a"), chunk("b", "stop")) + b"data: [DONE]\n\n", "text/event-stream")
        said = asked["messages"][-1]["content"]
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": said.upper()}}
        self.answer({"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]})


SERVER = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:{SERVER.server_port}"
