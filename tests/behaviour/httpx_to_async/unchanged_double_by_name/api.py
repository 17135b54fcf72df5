import httpx
import web


def page(url):
    return httpx.get(url).text


def name(url):
    client = web.make()
    return client.get(url).text
