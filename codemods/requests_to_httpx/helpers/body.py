def _body(data):
    """The arguments for a body as requests takes it as `data`; httpx has `data` for form fields, and `content` for text."""
    if not data or isinstance(data, (str, bytes)):
        return {"content": data or None}
    if not isinstance(data, (list, tuple)) and not hasattr(data, "items"):
        parts = [data.read()] if hasattr(data, "read") else data
        return {"content": b"".join(part.encode() if isinstance(part, str) else part for part in parts)}
    fields = {}
    for key, values in data.items() if hasattr(data, "items") else data:
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            values = [values]
        sent = [value.decode() if isinstance(value, bytes) else str(value) for value in values if value is not None]
        fields.setdefault(key, []).extend(sent)
    return {"data": fields}
