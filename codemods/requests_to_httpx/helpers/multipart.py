def _multipart(files, data=None, headers=None):
    """The arguments for files as requests sends them; httpx guesses a type for each, and names them in another way."""
    if not files:
        return {"data": data, "headers": headers}
    parts = []
    for field, values in data.items() if hasattr(data, "items") else data or ():
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            values = [values]
        sent = [value if isinstance(value, bytes) else str(value) for value in values if value is not None]
        parts += [(field, (None, value)) for value in sent]
    parts += files.items() if hasattr(files, "items") else files
    boundary = os.urandom(16).hex()
    body = b""
    for field, file in parts:
        if not isinstance(file, (tuple, list)):
            path = getattr(file, "name", None)
            is_path = isinstance(path, str) and path and path[0] != "<" and path[-1] != ">"
            file = (os.path.basename(path) if is_path else field, file)
        filename, content, kind, extra = (*file, None, None)[:4]
        content = content.read() if hasattr(content, "read") else content
        if content is None:
            continue
        lines = ["Content-Disposition: form-data"]
        for key, value in [("name", field), ("filename", filename)]:
            if value is not None:
                text = value.decode() if isinstance(value, bytes) else value
                lines[0] += f'; {key}="{text.translate({10: "%0A", 13: "%0D", 34: "%22"})}"'
        lines += [f"Content-Type: {kind}"] if kind else []
        fixed = ("Content-Disposition", "Content-Type", "Content-Location")
        lines += [f"{key}: {value}" for key, value in (extra or {}).items() if value and key not in fixed]
        content = content if isinstance(content, (bytes, bytearray)) else str(content).encode()
        body += f"--{boundary}\r\n".encode() + "\r\n".join(lines).encode() + b"\r\n\r\n" + content + b"\r\n"
    headers = dict(headers or {})
    if not any(key.lower() == "content-type" for key in headers):
        headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
    return {"content": body + f"--{boundary}--\r\n".encode(), "headers": headers}
