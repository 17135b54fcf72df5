async def _iter_lines(response, delimiter=None):
    """The lines of a streamed response as bytes; those of httpx are text, and end at more characters."""
    pending = b""
    async for chunk in response.aiter_bytes():
        lines = (pending + chunk).split(delimiter) if delimiter else (pending + chunk).splitlines(keepends=True)
        pending = lines.pop() if lines and (delimiter or not lines[-1].endswith(b"\n")) else b""
        for line in lines:
            yield line if delimiter else line.removesuffix(b"\n").removesuffix(b"\r")
    if pending:
        yield pending if delimiter else pending.removesuffix(b"\r")
