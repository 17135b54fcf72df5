def _response_hook(hook):
    """An event hook that gives a response to a hook of requests as that expects it: read, and from plain code."""

    async def call(response):
        await response.aread()
        hook(response)

    return call
