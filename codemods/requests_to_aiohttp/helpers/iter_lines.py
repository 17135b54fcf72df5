async def _iter_lines(response):
    """The lines of a response as bytes, without their ends; those of aiohttp keep them, and end at newlines only."""
    pending = b""
    async for chunk in response.content.iter_any():
        lines = (pending + chunk).splitlines(keepends=True)
        pending = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        for line in lines:
            yield line.removesuffix(b"\n").removesuffix(b"\r")
    if pending:
        yield pending.removesuffix(b"\r")
