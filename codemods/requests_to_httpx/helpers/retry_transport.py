class _RetryTransport(httpx.AsyncBaseTransport):
    """Sends a request again as `urllib3.Retry` tells, which is what `HTTPAdapter(max_retries=...)` of requests does."""

    def __init__(self, retries, transport=None):
        self.retries = urllib3.Retry.from_int(retries)
        self.transport = transport or httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request):
        retries, method, url = self.retries, request.method, str(request.url)
        while True:
            answer = None
            try:
                response = await self.transport.handle_async_request(request)
            except httpx.TransportError as error:
                is_early = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
                kind = urllib3.exceptions.ConnectTimeoutError if is_early else urllib3.exceptions.ProtocolError
                try:
                    retries = retries.increment(method, url, error=kind(str(error)))
                except urllib3.exceptions.HTTPError:
                    raise error from None
            else:
                if not retries.is_retry(method, response.status_code, "Retry-After" in response.headers):
                    return response
                answer = urllib3.HTTPResponse(status=response.status_code, headers=response.headers)
                try:
                    retries = retries.increment(method, url, response=answer)
                except urllib3.exceptions.MaxRetryError as error:
                    if not retries.raise_on_status:
                        return response
                    await response.aclose()
                    raise httpx.RequestError(str(error), request=request) from error
                await response.aclose()
            pause = answer and retries.respect_retry_after_header and retries.get_retry_after(answer)
            await asyncio.sleep(pause or retries.get_backoff_time())

    async def aclose(self):
        await self.transport.aclose()
