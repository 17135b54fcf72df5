async def _requests_encoding(response):
    """Takes text without a charset as ISO-8859-1, as requests does; httpx takes it as UTF-8."""
    content_type = response.headers.get("Content-Type", "").lower()
    if "text" in content_type.partition(";")[0] and "charset=" not in content_type:
        response.encoding = "ISO-8859-1"
