# case: expect = await asyncio.to_thread(connection.getresponse)
import asyncio
import http.client
import os
from urllib.parse import urlsplit


async def main():
    connection = http.client.HTTPConnection(urlsplit(os.environ["BASE"]).netloc, timeout=10)
    connection.request("GET", "/echo")
    answer = connection.getresponse()
    print(answer.status, len(answer.read()) > 0)
    connection.close()


asyncio.run(main())
