"""Runs requests and aiohttp against one local server and says where they differ: the facts of this folder's README.

    python codemods/requests_to_aiohttp/measure.py [WORD]

Needs the packages of `tests/behaviour/requirements.txt`. Every fact is one line: `same` or `differs`, its name, and what
both sides gave. It ends with 1 if a fact is no longer as it is written down here.
"""
import asyncio
import http.server
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import warnings

import aiohttp
import requests

HERE = os.path.dirname(os.path.abspath(__file__))
SERVER = os.path.join(HERE, "..", "..", "tests", "behaviour", "server.py")
SAME, DIFFERS = True, False
# Seconds for one fact: several times what the slowest takes.
SECONDS = 60

# Name, whether both sides give the same, the code with requests, the code with aiohttp.
FACTS = []


def fact(name, same, before, after):
    FACTS.append((name, same, textwrap.dedent(before), textwrap.dedent(after)))


def get(path, before, after=None, **options):
    """A fact about the response `r` of a plain GET."""
    keywords = "".join(f", {name}={value}" for name, value in options.items())
    return (
        f"r = requests.get(BASE + {path!r}{keywords})\nreturn {before}",
        f"async with session.get(BASE + {path!r}{keywords}) as r:\n    return {after or before}",
    )


# Status, truth, attributes
fact("status", SAME, *get("/status/404", "r.status_code", "r.status"))
fact("ok: 404", SAME, *get("/status/404", "r.ok"))
fact("ok: 302 that is not followed", SAME, *get("/redirect/1", "r.ok", allow_redirects=False))
fact("ok: 599", SAME, *get("/status/599", "r.ok"))
fact("ok: 600", DIFFERS, *get("/status/600", "r.ok"))
fact("truth of a response: 404", DIFFERS, *get("/status/404", "bool(r)"))
fact("reason", SAME, *get("/status/404?reason=Nope", "r.reason"))
fact("url is text", DIFFERS, *get("/echo?a=1", "type(r.url).__name__"))
fact("url: str()", SAME, *get("/echo?a=1", "r.url", "str(r.url)"))
fact("url: str(), with a fragment", DIFFERS, *get("/echo?a=1#top", "r.url", "str(r.url)"))
fact("url after a redirect", SAME, *get("/redirect/2", "r.url", "str(r.url)"))
fact("url: escaped characters", DIFFERS, *get("/echo?a=%2C%20b", "r.url", "str(r.url)"))
fact("history: length", SAME, *get("/redirect/2", "[h.status_code for h in r.history]", "[h.status for h in r.history]"))
fact("elapsed", DIFFERS, *get("/echo", "hasattr(r, 'elapsed')"))
fact("links: keys and text", DIFFERS, *get("/links", "{k: v['url'] for k, v in r.links.items()}"))
fact("links: str(url)", SAME, *get("/links", "{k: v['url'] for k, v in r.links.items()}", "{k: str(v['url']) for k, v in r.links.items()}"))
fact("headers: look-up in any case", SAME, *get("/echo", "r.headers['content-TYPE'], r.headers.get('x'), 'Content-Length' in r.headers"))
fact("headers: items of one that comes twice", DIFFERS, *get("/multi-header", "[v for k, v in r.headers.items() if k == 'X-A']"))
fact("headers: keys", SAME, *get("/status/200", "sorted(dict(r.headers))"))
fact("headers: one that comes twice", DIFFERS, *get("/multi-header", "r.headers['X-A']"))
fact("headers: values are text", SAME, *get("/status/200", "type(r.headers['Date']).__name__"))
fact("cookies of a response: items", DIFFERS, *get("/set-cookie?a=1", "dict(r.cookies)"))
fact("cookies of a response: value", SAME, *get("/set-cookie?a=1", "r.cookies['a']", "r.cookies['a'].value"))
fact("encoding: attribute", DIFFERS, *get("/echo", "hasattr(r, 'encoding')"))
fact("is_redirect", DIFFERS, *get("/echo", "hasattr(r, 'is_redirect')"))
fact("request.method", SAME, *get("/echo", "r.request.method", "r.method"))
fact("repr", DIFFERS, *get("/echo", "repr(r)"))
fact("close", SAME, *get("/echo", "r.close()"))
fact("raise_for_status gives", SAME, *get("/echo", "r.raise_for_status()"))

# Bodies
fact("text: UTF-8", SAME, *get("/body?body=%C3%A9&ctype=text/plain;charset=utf-8", "r.text", "await r.text()"))
fact("text: latin-1", SAME, *get("/body?body=%E9&ctype=text/plain;charset=latin-1", "r.text", "await r.text()"))
fact("text: text/plain without a charset", DIFFERS, *get("/body?body=%C3%A9&ctype=text/plain", "r.text", "await r.text()"))
fact("text: JSON without a charset", SAME, *get("/body?body=%22%C3%A9%22&ctype=application/json", "r.text", "await r.text()"))
fact("text: bytes that cannot be decoded", DIFFERS, *get("/body?body=%FF%FEa%FF&ctype=text/plain;charset=utf-8", "r.text", "await r.text()"))
fact("text: errors='replace'", SAME, *get("/body?body=%FFa%FF&ctype=text/plain;charset=utf-8", "r.text", "await r.text(errors='replace')"))
fact("text: unknown charset", SAME, *get("/body?body=%C3%A9&ctype=text/plain;charset=nonsense", "r.text", "await r.text()"))
fact("text: empty body", SAME, *get("/status/204", "r.text", "await r.text()"))
fact("text: a body without a type", DIFFERS, *get("/body?body=%E9%E8%E0%20caf%E9", "r.text", "await r.text()"))
fact("text: BOM", SAME, *get("/body?body=%EF%BB%BFa&ctype=text/plain;charset=utf-8", "r.text", "await r.text()"))
fact("content", SAME, *get("/bytes/300", "len(r.content)", "len(await r.read())"))
fact("content: gzip", SAME, *get("/gzip", "r.content", "await r.read()"))
fact("content: deflate", SAME, *get("/deflate", "r.content", "await r.read()"))
fact("content: empty", SAME, *get("/status/204", "r.content", "await r.read()"))
fact("json", SAME, *get("/user/1", "r.json()", "await r.json()"))
fact("json: other content type", DIFFERS, *get("/body?body=%7B%7D&ctype=text/plain", "r.json()", "await r.json()"))
fact("json: content_type=None", SAME, *get("/body?body=%7B%7D&ctype=text/plain", "r.json()", "await r.json(content_type=None)"))
fact("json: +json", SAME, *get("/body?body=%7B%7D&ctype=application/problem%2Bjson", "r.json()", "await r.json()"))
fact("json: empty body", DIFFERS, *get("/body?body=&ctype=application/json", "r.json()", "await r.json(content_type=None)"))
fact("json: 204", DIFFERS, *get("/status/204", "r.json()", "await r.json(content_type=None)"))
fact("json: invalid body, class", DIFFERS, *get("/body?body=nope&ctype=application/json", "r.json()", "await r.json(content_type=None)"))
fact("json: invalid body, is it a library error", DIFFERS, """
    try:
        requests.get(BASE + "/body?body=nope&ctype=application/json").json()
    except requests.RequestException as e:
        return True
    """, """
    try:
        async with session.get(BASE + "/body?body=nope&ctype=application/json") as r:
            await r.json(content_type=None)
    except aiohttp.ClientError as e:
        return True
    except ValueError:
        return False
    """)
fact("json: declared charset", SAME, *get("/body?body=%22%E9%22&ctype=application/json;charset=latin-1", "r.json()", "await r.json(content_type=None)"))
fact("json: json.loads of text()", SAME, *get("/body?body=%22%C3%A9%22&ctype=application/json", "r.json()", "json.loads(await r.text())"))
fact("json: json.loads of text(), declared charset", SAME, *get("/body?body=%22%E9%22&ctype=application/json;charset=latin-1", "r.json()", "json.loads(await r.text())"))
fact("json: json.loads of text(), other content type", SAME, *get("/body?body=%7B%7D&ctype=text/html", "r.json()", "json.loads(await r.text())"))
fact("json: json.loads of text(), empty body raises a ValueError", SAME, *get("/status/204", "is_value_error(r.json)", "is_value_error(json.loads, await r.text())"))
fact("json: json.loads of text(), text/plain without a charset", DIFFERS, *get("/body?body=%22%C3%A9%22&ctype=text/plain", "r.json()", "json.loads(await r.text())"))
fact("json: BOM", DIFFERS, *get("/body?body=%EF%BB%BF%7B%7D&ctype=application/json", "r.json()", "await r.json(content_type=None)"))
fact("json: keywords", SAME, *get("/user/1", "type(r.json(parse_int=str)['id'])", "type((await r.json(loads=functools.partial(json.loads, parse_int=str)))['id'])"))
fact("json: keywords, json.loads of text()", SAME, *get("/user/1", "r.json(parse_int=str)", "json.loads(await r.text(), parse_int=str)"))
fact("json: UTF-16", DIFFERS, *get("/body?body=%7B%00%7D%00&ctype=application/json", "r.json()", "await r.json(content_type=None)"))
fact("text behind the block that has read the body", SAME, """
    r = requests.get(BASE + "/user/1")
    return r.json(), r.text, r.status_code
    """, """
    async with session.get(BASE + "/user/1") as r:
        await r.read()
    await session.close()
    return json.loads(await r.text()), await r.text(errors="replace"), r.status
    """)
fact("content behind the block that has read the body", DIFFERS, """
    r = requests.get(BASE + "/user/1")
    return r.content
    """, """
    async with session.get(BASE + "/user/1") as r:
        await r.read()
    return await r.read()
    """)
fact("body that was not read before the block ended", DIFFERS, """
    r = requests.get(BASE + "/bytes/3000000")
    return len(r.content)
    """, """
    async with session.get(BASE + "/bytes/3000000") as r:
        pass
    return len(await r.read())
    """)

# Redirects
fact("redirects are followed", SAME, *get("/redirect/3", "r.status_code", "r.status"))
fact("11 redirects", DIFFERS, *get("/redirect/11", "r.status_code", "r.status"))
fact("30 redirects, max_redirects=30", DIFFERS, "return requests.get(BASE + '/redirect/30').status_code", "async with session.get(BASE + '/redirect/30', max_redirects=30) as r:\n    return r.status")
fact("30 redirects, max_redirects=31", SAME, "return requests.get(BASE + '/redirect/30').status_code", "async with session.get(BASE + '/redirect/30', max_redirects=31) as r:\n    return r.status")
fact("31 redirects, max_redirects=30", DIFFERS, "return requests.get(BASE + '/redirect/31').status_code", "async with session.get(BASE + '/redirect/31', max_redirects=30) as r:\n    return r.status")
fact("31 redirects, max_redirects=31", DIFFERS, "return requests.get(BASE + '/redirect/31').status_code", "async with session.get(BASE + '/redirect/31', max_redirects=31) as r:\n    return r.status")
fact("allow_redirects=False", SAME, *get("/redirect/1", "r.status_code", "r.status", allow_redirects=False))
fact("head: redirects", SAME, "return requests.head(BASE + '/redirect/1').status_code", "async with session.head(BASE + '/redirect/1') as r:\n    return r.status")
fact("request('HEAD'): redirects", SAME, "return requests.request('HEAD', BASE + '/redirect/1').status_code", "async with session.request('HEAD', BASE + '/redirect/1') as r:\n    return r.status")
for code in (301, 302, 303, 307, 308):
    fact(f"method after {code} of a POST", SAME, f"r = requests.post(BASE + '/redirect-to?code={code}&url=/echo', data={{'a': 1}}); d = r.json(); return d['method'], d['body']", f"async with session.post(BASE + '/redirect-to?code={code}&url=/echo', data={{'a': 1}}) as r:\n    d = await r.json(); return d['method'], d['body']")
fact("method after 301 of a DELETE", SAME, "return requests.delete(BASE + '/redirect-to?code=301&url=/echo').json()['method']", "async with session.delete(BASE + '/redirect-to?code=301&url=/echo') as r:\n    return (await r.json())['method']")
fact("cookie of a redirect", DIFFERS, *get("/redirect-to?url=/cookies&cookie=a=1", "r.json()", "await r.json()"))
fact("cookie of a redirect, CookieJar(unsafe=True)", SAME, "return requests.get(BASE + '/redirect-to?url=/cookies&cookie=a=1').json()", "async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as s, s.get(BASE + '/redirect-to?url=/cookies&cookie=a=1') as r:\n    return await r.json()")
fact("304 and raise_for_status", SAME, *get("/status/304", "r.raise_for_status()"))
fact("302 without a place to go to", SAME, *get("/status/302", "r.status_code", "r.status"))
fact("fragment is kept over a redirect", DIFFERS, *get("/redirect-to?url=/echo#frag", "r.url", "str(r.url)"))

# URLs and params
SENT = ("r.json()['path']", "(await r.json())['path']")
for name, same, value in [
    ("dictionary", SAME, "{'a': 'x y', 'b': 1, 'c': 1.5}"),
    ("special characters", DIFFERS, "{'q': \"a&b=c/d?e:f@g,h;i+j%k'l(m)n!o*p~q\"}"),
    ("é", SAME, "{'q': 'é'}"),
    ("None as a value", DIFFERS, "{'a': None, 'b': 1}"),
    ("True as a value", DIFFERS, "{'a': True}"),
    ("list as a value", SAME, "{'a': [1, 2]}"),
    ("list of pairs", SAME, "[('a', 1), ('b', 2), ('a', 3)]"),
    ("text", SAME, "'a=1&b=2'"),
    ("text with a blank", DIFFERS, "'a=1 2'"),
    ("bytes", DIFFERS, "b'a=1'"),
    ("empty dictionary", SAME, "{}"),
    ("None", SAME, "None"),
    ("empty text as a value", SAME, "{'a': ''}"),
    ("number as a key", DIFFERS, "{1: 2}"),
]:
    fact(f"params: {name}", same, *get("/echo", *SENT, params=value))
fact("params: text with escapes", DIFFERS, *get("/echo", *SENT, params="'a=%20'"))
fact("params: text with escapes, parse_qsl", SAME, *get("/echo?", "d(r.json()['path'])", "d((await r.json())['path'])", params="urllib.parse.parse_qsl('a=%20%26&b=', keep_blank_values=True)"))
fact("params beside a query", SAME, *get("/echo?x=1", *SENT, params="{'a': 2}"))
fact("params with a key of the query", SAME, *get("/echo?a=1", *SENT, params="{'a': 2}"))
fact("params beside an empty query", SAME, *get("/echo?", *SENT, params="{'a': 2}"))
fact("params beside a query and a fragment", SAME, *get("/echo?x=1#f", *SENT, params="{'a': 2}"))
fact("params beside a flag", SAME, *get("/echo?flag", *SENT, params="{'a': 2}"))
REWRITTEN = ["/echo/%2C,", "/echo?q=a b", "/echo?q=%2F%3A%40%2C", "/echo?a=%3f?"]
for text in ["/echo/a%20b", "/echo/a b", "/echo/é", "/echo/%2F", "/echo/%2C,", "/echo/%7E~", "/echo/%41", "/echo/%e9", "/echo/a+b",
             "/echo?q=a+b", "/echo?q=a%2Bb", "/echo?q=a%20b", "/echo?q=a b", "/echo?q=%26", "/echo?q=%3D", "/echo?q=%2F%3A%40%2C",
             "/echo?q=/:@,", "/echo?q=%25", "/echo?q=100%", "/echo?q=[1]", "/echo?q=|", "/echo?q='x'", "/echo?q=(x)!*;", "/echo?q=\"", "/echo?q={x}",
             "/echo?a=1&a=2", "/echo?a&b", "/echo/../echo", "/echo//x", "/echo/.", "/echo?q=%c3%a9", "/echo/(x)!*'$&;=:@,", "/echo?q=<x>", "/echo?q=%3b", "/echo?a=%3f?", "/echo?q=^`\\"]:
    fact(f"URL {text}", text not in REWRITTEN, *get(text, *SENT))

# Bodies that are sent
BODY = "d = r.json(); return d['body'], dict(d['headers']).get('Content-Type'), dict(d['headers']).get('Content-Length'), dict(d['headers']).get('Transfer-Encoding')"
ABODY = BODY.replace("r.json()", "await r.json()")
for name, same, before in [
    ("data: dictionary", SAME, "data={'a': 'x y', 'b': 1}"),
    ("data: é", SAME, "data={'a': 'é'}"),
    ("data: special characters", SAME, "data={'q': \"a&b=c/d?e:f@g,h;i+j%k'l(m)n!o*p~q\"}"),
    ("data: None as a value", DIFFERS, "data={'a': None, 'b': 1}"),
    ("data: True as a value", SAME, "data={'a': True}"),
    ("data: float", SAME, "data={'a': 1.5}"),
    ("data: list as a value", SAME, "data={'a': [1, 2]}"),
    ("data: pairs", SAME, "data=[('a', '1'), ('b', '2'), ('a', '3')]"),
    ("data: bytes", DIFFERS, "data=b'abc'"),
    ("data: text", DIFFERS, "data='abc'"),
    ("data: text and a content type", SAME, "data='abc', headers={'Content-Type': 'text/xml'}"),
    ("data: bytes and a content type", SAME, "data=b'abc', headers={'Content-Type': 'text/xml'}"),
    ("data: text that is not ASCII and a content type", SAME, "data='é', headers={'Content-Type': 'text/xml'}"),
    ("data: empty dictionary", DIFFERS, "data={}"),
    ("data: empty text", DIFFERS, "data=''"),
    ("data: None", DIFFERS, "data=None"),
    ("data: an open file", DIFFERS, "data=open(__file__, 'rb')"),
    ("data: a generator", DIFFERS, "data=(x for x in [b'a', b'b'])"),
    ("data: io.BytesIO", DIFFERS, "data=io.BytesIO(b'abc')"),
    ("json", SAME, "json={'a': 1, 'u': 'é', 'n': None, 'l': [1.5, True]}"),
    ("json: empty dictionary", SAME, "json={}"),
    ("json: None", DIFFERS, "json=None"),
    ("json: NaN", DIFFERS, "json={'a': float('nan')}"),
    ("json and data", DIFFERS, "json={'a': 1}, data={'b': 2}"),
    ("json and a content type", SAME, "json={'a': 1}, headers={'Content-Type': 'application/x+json'}"),
    ("json and a content type in lower case", SAME, "json={'a': 1}, headers={'content-type': 'application/x+json'}"),
    ("no body of a POST", DIFFERS, ""),
]:
    fact(name, same, f"r = requests.post(BASE + '/echo', {before}); {BODY}", f"async with session.post(BASE + '/echo', {before}) as r:\n    {ABODY}")
fact("get with json", SAME, f"r = requests.get(BASE + '/echo', json={{'a': 1}}); {BODY}", f"async with session.get(BASE + '/echo', json={{'a': 1}}) as r:\n    {ABODY}")
fact("get with data", SAME, f"r = requests.get(BASE + '/echo', data={{'a': 1}}); {BODY}", f"async with session.get(BASE + '/echo', data={{'a': 1}}) as r:\n    {ABODY}")
fact("delete with json", SAME, f"r = requests.delete(BASE + '/echo', json={{'a': 1}}); {BODY}", f"async with session.delete(BASE + '/echo', json={{'a': 1}}) as r:\n    {ABODY}")
for verb in ("get", "options", "post", "put", "patch", "delete"):
    fact(f"{verb}: length of no body", SAME if verb in ("get", "delete") else DIFFERS, f"r = requests.{verb}(BASE + '/echo'); {BODY}", f"async with session.{verb}(BASE + '/echo') as r:\n    {ABODY}")
fact("request('PURGE')", SAME, f"r = requests.request('PURGE', BASE + '/echo'); {BODY}", f"async with session.request('PURGE', BASE + '/echo') as r:\n    {ABODY}")
fact("request('get') in lower case", SAME, "return requests.request('get', BASE + '/echo').json()['method']", "async with session.request('get', BASE + '/echo') as r:\n    return (await r.json())['method']")
fact("files", DIFFERS, "r = requests.post(BASE + '/echo', files={'f': ('a.txt', b'x', 'text/plain')}); return re.sub('[0-9a-f]{32}', 'B', r.json()['body'])", "f = aiohttp.FormData(); f.add_field('f', b'x', filename='a.txt', content_type='text/plain')\nasync with session.post(BASE + '/echo', data=f) as r:\n    return re.sub('[0-9a-f]{32}', 'B', (await r.json())['body'])")
fact("files: keyword", DIFFERS, "return requests.post(BASE + '/echo', files={'f': b'x'}).status_code", "async with session.post(BASE + '/echo', files={'f': b'x'}) as r:\n    return r.status")

# Headers
HEAD = "d = dict(r.json()['headers']); return"
AHEAD = "d = dict((await r.json())['headers']); return"
for name, same, what, options in [
    ("User-Agent", DIFFERS, "d['User-Agent'].split('/')[0]", ""),
    ("Accept", SAME, "d['Accept']", ""),
    ("Accept-Encoding", SAME, "d['Accept-Encoding']", ""),
    ("Connection", DIFFERS, "d.get('Connection')", ""),
    ("their case", SAME, "d.get('x-Own')", "headers={'x-Own': '1'}"),
    ("own User-Agent", SAME, "d['User-Agent']", "headers={'User-Agent': 'me'}"),
    ("own User-Agent in lower case", SAME, "d['user-agent'], d.get('User-Agent')", "headers={'user-agent': 'me'}"),
    ("a number as a value", DIFFERS, "d['X']", "headers={'X': 1}"),
    ("None as a value", DIFFERS, "d.get('X')", "headers={'X': None}"),
    ("None for a default", DIFFERS, "d.get('Accept')", "headers={'Accept': None}"),
    ("é as a value", DIFFERS, "d['X']", "headers={'X': 'é'}"),
    ("bytes as a value", DIFFERS, "d['X']", "headers={'X': b'1'}"),
    ("a blank in front of a value", DIFFERS, "d['X']", "headers={'X': ' a'}"),
    ("a line break in a value", DIFFERS, "d['X']", "headers={'X': 'a\\nb'}"),
    ("headers=None", SAME, "d['Accept']", "headers=None"),
    ("Host", SAME, "d['Host']", "headers={'Host': 'other'}"),
]:
    fact(f"headers that are sent: {name}", same, f"r = requests.get(BASE + '/echo', {options}); {HEAD} {what}", f"async with session.get(BASE + '/echo', {options}) as r:\n    {AHEAD} {what}")

# Cookies
COOK = ("r.json()['cookie']", "(await r.json())['cookie']")
fact("cookies of a call", SAME, *get("/cookies", *COOK, cookies="{'a': '1'}"))
fact("cookies of a call: two", SAME, *get("/cookies", *COOK, cookies="{'a': '1', 'b': '2'}"))
fact("cookies of a call: a value that needs quotes", DIFFERS, *get("/cookies", *COOK, cookies="{'a': 'x y'}"))
fact("cookies of a call: =, / and :", DIFFERS, *get("/cookies", *COOK, cookies="{'a': 'x=/:'}"))
fact("cookies of a call after a redirect", SAME, *get("/redirect-to?url=/cookies", *COOK, cookies="{'a': '1'}"))
fact("cookies of a call: number", DIFFERS, *get("/cookies", *COOK, cookies="{'a': 1}"))
fact("cookies of a session, of an address", DIFFERS, """
    s = requests.Session(); s.get(BASE + "/set-cookie?a=1"); return s.get(BASE + "/cookies").json()
    """, """
    async with session.get(BASE + "/set-cookie?a=1") as r:
        pass
    async with session.get(BASE + "/cookies") as r:
        return await r.json()
    """)
fact("cookies of a session, of a host with a name", SAME, """
    b = BASE.replace("127.0.0.1", "localhost")
    s = requests.Session(); s.get(b + "/set-cookie?a=1"); return s.get(b + "/cookies").json()
    """, """
    b = BASE.replace("127.0.0.1", "localhost")
    async with session.get(b + "/set-cookie?a=1") as r:
        pass
    async with session.get(b + "/cookies") as r:
        return await r.json()
    """)
fact("cookies of a session, of an address, CookieJar(unsafe=True)", SAME, """
    s = requests.Session(); s.get(BASE + "/set-cookie?a=1"); return s.get(BASE + "/cookies").json()
    """, """
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        async with session.get(BASE + "/set-cookie?a=1") as r:
            pass
        async with session.get(BASE + "/cookies") as r:
            return await r.json()
    """)
fact("two calls: cookies of the first in the second", DIFFERS, """
    b = BASE.replace("127.0.0.1", "localhost")
    requests.get(b + "/set-cookie?a=1"); return requests.get(b + "/cookies").json()
    """, """
    b = BASE.replace("127.0.0.1", "localhost")
    async with session.get(b + "/set-cookie?a=1") as r:
        pass
    async with session.get(b + "/cookies") as r:
        return await r.json()
    """)
fact("two calls, DummyCookieJar", SAME, """
    b = BASE.replace("127.0.0.1", "localhost")
    requests.get(b + "/set-cookie?a=1"); return requests.get(b + "/cookies").json()
    """, """
    b = BASE.replace("127.0.0.1", "localhost")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        async with session.get(b + "/set-cookie?a=1") as r:
            pass
        async with session.get(b + "/cookies") as r:
            return await r.json()
    """)

# Authentication
fact("auth: a pair", DIFFERS, *get("/basic", "r.status_code", "r.status", auth="('u', 'p')"))
fact("auth: BasicAuth", SAME, "return requests.get(BASE + '/basic', auth=('u', 'p')).status_code", "async with session.get(BASE + '/basic', auth=aiohttp.BasicAuth('u', 'p')) as r:\n    return r.status")
fact("auth: latin-1", SAME, "return dict(requests.get(BASE + '/echo', auth=('ü', 'é')).json()['headers'])['Authorization']", "async with session.get(BASE + '/echo', auth=aiohttp.BasicAuth('ü', 'é')) as r:\n    return dict((await r.json())['headers'])['Authorization']")
fact("auth: a colon in the name", DIFFERS, "return dict(requests.get(BASE + '/echo', auth=('a:b', 'c')).json()['headers'])['Authorization']", "async with session.get(BASE + '/echo', auth=aiohttp.BasicAuth('a:b', 'c')) as r:\n    return dict((await r.json())['headers'])['Authorization']")
fact("auth: beside an Authorization header", DIFFERS, "return dict(requests.get(BASE + '/echo', auth=('u', 'p'), headers={'Authorization': 'x'}).json()['headers'])['Authorization']", "async with session.get(BASE + '/echo', auth=aiohttp.BasicAuth('u', 'p'), headers={'Authorization': 'x'}) as r:\n    return dict((await r.json())['headers'])['Authorization']")
fact("auth in the URL", SAME, "return dict(requests.get(BASE.replace('//', '//u:p@') + '/echo').json()['headers'])['Authorization']", "async with session.get(BASE.replace('//', '//u:p@') + '/echo') as r:\n    return dict((await r.json())['headers'])['Authorization']")
fact("auth: None as the password", DIFFERS, "return dict(requests.get(BASE + '/echo', auth=('u', None)).json()['headers'])['Authorization']", "async with session.get(BASE + '/echo', auth=aiohttp.BasicAuth('u', None)) as r:\n    return dict((await r.json())['headers'])['Authorization']")
fact("auth=None", SAME, *get("/echo", "r.status_code", "r.status", auth="None"))
fact("auth: digest", SAME, "return requests.get(BASE + '/digest', auth=requests.auth.HTTPDigestAuth('u', 'p')).status_code", "m = aiohttp.DigestAuthMiddleware('u', 'p')\nasync with session.get(BASE + '/digest', middlewares=(m,)) as r:\n    return r.status")
fact("auth over a redirect to the same host", SAME, "return dict(requests.get(BASE + '/redirect/1', auth=('u', 'p')).json()['headers']).get('Authorization')", "async with session.get(BASE + '/redirect/1', auth=aiohttp.BasicAuth('u', 'p')) as r:\n    return dict((await r.json())['headers']).get('Authorization')")
fact("Authorization header over a redirect to another host", SAME, "return dict(requests.get(BASE + '/redirect-to?url=' + BASE.replace('127.0.0.1', 'localhost') + '/echo', headers={'Authorization': 'x'}).json()['headers']).get('Authorization')", "async with session.get(BASE + '/redirect-to?url=' + BASE.replace('127.0.0.1', 'localhost') + '/echo', headers={'Authorization': 'x'}) as r:\n    return dict((await r.json())['headers']).get('Authorization')")

# Environment
fact("auth: beside an Authorization header of the session", DIFFERS, "s = requests.Session(); s.headers['Authorization'] = 'x'; return dict(s.get(BASE + '/echo', auth=('u', 'p')).json()['headers'])['Authorization']", "session.headers['Authorization'] = 'x'\nasync with session.get(BASE + '/echo', auth=aiohttp.BasicAuth('u', 'p')) as r:\n    return dict((await r.json())['headers'])['Authorization']")
fact("netrc", DIFFERS, "return dict(requests.get(BASE + '/echo').json()['headers']).get('Authorization')", "async with session.get(BASE + '/echo') as r:\n    return dict((await r.json())['headers']).get('Authorization')")
fact("netrc, trust_env=True", SAME, "return dict(requests.get(BASE + '/echo').json()['headers']).get('Authorization')", "async with aiohttp.ClientSession(trust_env=True) as s, s.get(BASE + '/echo') as r:\n    return dict((await r.json())['headers']).get('Authorization')")
fact("netrc beside an Authorization header, trust_env=True", DIFFERS, "return dict(requests.get(BASE + '/echo', headers={'Authorization': 'x'}).json()['headers']).get('Authorization')", "async with aiohttp.ClientSession(trust_env=True) as s, s.get(BASE + '/echo', headers={'Authorization': 'x'}) as r:\n    return dict((await r.json())['headers']).get('Authorization')")
fact("HTTP_PROXY", DIFFERS, "with proxy_in_environment():\n    return requests.get('http://nowhere.invalid/x').text", "with proxy_in_environment():\n    async with session.get('http://nowhere.invalid/x') as r:\n        return await r.text()")
fact("HTTP_PROXY, trust_env=True", SAME, "with proxy_in_environment():\n    return requests.get('http://nowhere.invalid/x').text", "with proxy_in_environment():\n    async with aiohttp.ClientSession(trust_env=True) as s, s.get('http://nowhere.invalid/x') as r:\n        return await r.text()")
fact("NO_PROXY, trust_env=True", SAME, "with proxy_in_environment('127.0.0.1'):\n    return requests.get(BASE + '/status/200').text", "with proxy_in_environment('127.0.0.1'):\n    async with aiohttp.ClientSession(trust_env=True) as s, s.get(BASE + '/status/200') as r:\n        return await r.text()")
fact("ALL_PROXY, trust_env=True", DIFFERS, "with proxy_in_environment(name='ALL_PROXY'):\n    return requests.get('http://nowhere.invalid/x').text", "with proxy_in_environment(name='ALL_PROXY'):\n    async with aiohttp.ClientSession(trust_env=True) as s, s.get('http://nowhere.invalid/x') as r:\n        return await r.text()")
fact("proxies", SAME, "return requests.get('http://nowhere.invalid/x', proxies={'http': PROXY, 'https': PROXY}).text", "async with session.get('http://nowhere.invalid/x', proxy=PROXY) as r:\n    return await r.text()")

# Timeouts and errors
LIMIT = "aiohttp.ClientTimeout(sock_connect={0}, sock_read={0})"


def error(name, before, after, path=None, url=None, limit="None", read="await r.read()", check=""):
    """A fact about the classes of an error: requests raises `before`, and aiohttp `after`."""
    where = url or f"BASE + {path!r}"
    fact(f"error: {name}", SAME,
         f"try:\n    r = requests.get({where}, timeout={limit}); {check}\nexcept Exception as e:\n    return names(e, requests) == {before!r} or names(e, requests)\nreturn 'fine'",
         f"try:\n    async with session.get({where}, timeout={LIMIT.format(limit)}) as r:\n        {check or read}\nexcept Exception as e:\n    return names(e, aiohttp) == {after!r} or names(e, aiohttp)\nreturn 'fine'")


R = "RequestException, OSError"
error("read timeout", f"requests.ReadTimeout ({R})", "aiohttp.SocketTimeoutError (ClientError, OSError, TimeoutError)", "/slow?s=1", limit="0.3")
error("connect timeout", f"requests.ConnectTimeout ({R})", "aiohttp.ConnectionTimeoutError (ClientError, OSError, TimeoutError)", url="FULL", limit="0.5")
error("timeout in the body", f"requests.ConnectionError ({R})", "aiohttp.SocketTimeoutError (ClientError, OSError, TimeoutError)", "/stall?s=1", limit="0.3")
error("HTTP status", f"requests.HTTPError ({R})", "aiohttp.ClientResponseError (ClientError)", "/status/404", check="r.raise_for_status()")
error("dropped connection", f"requests.ConnectionError ({R})", "aiohttp.ServerDisconnectedError (ClientError)", "/drop")
error("truncated body", f"requests.ChunkedEncodingError ({R})", "aiohttp.ClientPayloadError (ClientError)", "/truncated")
error("bad chunk", f"requests.ChunkedEncodingError ({R})", "aiohttp.ClientResponseError (ClientError)", "/badchunk")
error("garbage", f"requests.ConnectionError ({R})", "aiohttp.ClientResponseError (ClientError)", "/garbage")
error("bad gzip", f"requests.ContentDecodingError ({R})", "aiohttp.ClientPayloadError (ClientError)", "/badgzip")
error("too many redirects", f"requests.TooManyRedirects ({R})", "aiohttp.TooManyRedirects (ClientError)", "/redirect/40")
error("refused connection", f"requests.ConnectionError ({R})", "aiohttp.ClientConnectorError (ClientError, OSError)", url="'http://127.0.0.1:9/'")
error("unknown host", f"requests.ConnectionError ({R})", "aiohttp.ClientConnectorDNSError (ClientError, OSError)", url="'http://nowhere.invalid/'")
error("no scheme", f"requests.MissingSchema ({R}, ValueError)", "aiohttp.InvalidUrlClientError (ClientError, ValueError)", url="'nowhere'")
error("unknown scheme", f"requests.InvalidSchema ({R}, ValueError)", "aiohttp.NonHttpUrlClientError (ClientError)", url="'ftp://127.0.0.1/'")
error("no host", f"requests.InvalidURL ({R}, ValueError)", "aiohttp.InvalidUrlClientError (ClientError, ValueError)", url="'http://'")
error("port that is none", f"requests.InvalidURL ({R}, ValueError)", "aiohttp.InvalidUrlClientError (ClientError, ValueError)", url="'http://127.0.0.1:99999/'")
error("None as the URL", f"requests.MissingSchema ({R}, ValueError)", "builtins.TypeError ()", url="None")
error("no TLS", f"requests.SSLError ({R})", "aiohttp.ClientConnectorSSLError (ClientError, OSError)", url="BASE.replace('http', 'https')")
error("certificate that nobody signed", f"requests.SSLError ({R})", "aiohttp.ClientConnectorCertificateError (ClientError, OSError, ValueError)", url="TLS")
fact("verify=False", SAME, "return requests.get(TLS, verify=False).text", "async with session.get(TLS, ssl=False) as r:\n    return await r.text()")
fact("verify: a file", SAME, "return requests.get(TLS, verify=CERTIFICATE).text", "async with session.get(TLS, ssl=ssl.create_default_context(cafile=CERTIFICATE)) as r:\n    return await r.text()")
fact("session.verify = False", SAME, "s = requests.Session(); s.verify = False; return s.get(TLS).text", "async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as s, s.get(TLS) as r:\n    return await r.text()")
fact("error: text of a status", DIFFERS, *get("/status/404", "text(r.raise_for_status)", "text(r.raise_for_status)"))
fact("error: status of its response", SAME, """
    try:
        requests.get(BASE + "/status/404").raise_for_status()
    except requests.HTTPError as e:
        return e.response.status_code
    """, """
    try:
        async with session.get(BASE + "/status/404") as r:
            r.raise_for_status()
    except aiohttp.ClientResponseError as e:
        return e.status
    """)
fact("error: text of its response", DIFFERS, """
    try:
        requests.get(BASE + "/status/404").raise_for_status()
    except requests.HTTPError as e:
        return e.response.text
    """, """
    try:
        async with session.get(BASE + "/status/404") as r:
            r.raise_for_status()
    except aiohttp.ClientResponseError as e:
        return hasattr(e, "text")
    """)
fact("timeout: default", DIFFERS, "return None", "return session.timeout.total")
fact("timeout: a number is taken", SAME, "return requests.get(BASE + '/slow?s=0.1', timeout=5).status_code", "async with session.get(BASE + '/slow?s=0.1', timeout=5) as r:\n    return r.status")
fact("timeout: a number is no limit of the whole", DIFFERS, "return len(requests.get(TRICKLE, timeout=1.8).content)", "async with session.get(TRICKLE, timeout=1.8) as r:\n    return len(await r.read())")
fact("timeout: sock_connect and sock_read", SAME, "return len(requests.get(TRICKLE, timeout=1.8).content)", "async with session.get(TRICKLE, timeout=aiohttp.ClientTimeout(sock_connect=1.8, sock_read=1.8)) as r:\n    return len(await r.read())")
fact("timeout: a pair", SAME, "return len(requests.get(TRICKLE, timeout=(3, 1.8)).content)", "async with session.get(TRICKLE, timeout=aiohttp.ClientTimeout(sock_connect=3, sock_read=1.8)) as r:\n    return len(await r.read())")
fact("timeout=None on a call", SAME, "return requests.get(BASE + '/echo', timeout=None).status_code", "async with session.get(BASE + '/echo', timeout=None) as r:\n    return r.status")
fact("a connection that the server has closed is made anew", SAME, """
    s = requests.Session(); s.get(KEEP + "/1"); time.sleep(0.3); return s.get(KEEP + "/2").status_code
    """, """
    async with session.get(KEEP + "/1") as r:
        await r.read()
    await asyncio.sleep(0.3)
    async with session.get(KEEP + "/2") as r:
        return r.status
    """)
fact("dropped connection: how often is it asked", DIFFERS, """
    try:
        requests.get(COUNT + "/x")
    except requests.ConnectionError:
        return asked()
    """, """
    try:
        async with session.get(COUNT + "/x") as r:
            pass
    except aiohttp.ClientError:
        return asked()
    """)
fact("dropped connection on a session that is warm: how often is it asked", DIFFERS, """
    s = requests.Session(); s.get(COUNT + "/fine"); asked()
    try:
        s.get(COUNT + "/x")
    except requests.ConnectionError:
        return asked()
    """, """
    async with session.get(COUNT + "/fine") as r:
        await r.read()
    asked()
    try:
        async with session.get(COUNT + "/x") as r:
            pass
    except aiohttp.ClientError:
        return asked()
    """)
fact("dropped connection of a POST on a session that is warm", SAME, """
    s = requests.Session(); s.get(COUNT + "/fine"); asked()
    try:
        s.post(COUNT + "/x")
    except requests.ConnectionError:
        return asked()
    """, """
    async with session.get(COUNT + "/fine") as r:
        await r.read()
    asked()
    try:
        async with session.post(COUNT + "/x") as r:
            pass
    except aiohttp.ClientError:
        return asked()
    """)

# Sessions
SESS = "r = s.get(BASE + '/echo?x=1'{0}); d = r.json(); h = dict(d['headers']); return d['path'], h.get('X-A'), h.get('Authorization')"
ASESS = "async with s.get(BASE + '/echo?x=1'{0}) as r:\n    d = await r.json(); h = dict(d['headers']); return d['path'], h.get('X-A'), h.get('Authorization')"
fact("session.headers.update", SAME, "s = requests.Session(); s.headers.update({'X-A': '1'})\n" + SESS.format(""), "s = session; s.headers.update({'X-A': '1'})\n" + ASESS.format(""))
fact("session.headers[...] =", SAME, "s = requests.Session(); s.headers['X-A'] = '1'\n" + SESS.format(""), "s = session; s.headers['X-A'] = '1'\n" + ASESS.format(""))
fact("session.headers and those of a call", SAME, "s = requests.Session(); s.headers['X-A'] = '1'\n" + SESS.format(", headers={'x-a': '2'}"), "s = session; s.headers['X-A'] = '1'\n" + ASESS.format(", headers={'x-a': '2'}"))
fact("session.headers: what is in them", DIFFERS, "return sorted(requests.Session().headers)", "return sorted(session.headers)")
fact("session.auth =", DIFFERS, "s = requests.Session(); s.auth = ('u', 'p')\n" + SESS.format(""), "s = session; s.auth = aiohttp.BasicAuth('u', 'p')\n" + ASESS.format(""))
fact("ClientSession(auth=)", SAME, "s = requests.Session(); s.auth = ('u', 'p')\n" + SESS.format(""), "async with aiohttp.ClientSession(auth=aiohttp.BasicAuth('u', 'p')) as s:\n    " + ASESS.format("").replace("\n", "\n    "))
fact("session.params", DIFFERS, "s = requests.Session(); s.params = {'k': 1}\n" + SESS.format(""), "s = session; s.params = {'k': 1}\n" + ASESS.format(""))
fact("session after close", DIFFERS, "s = requests.Session(); s.close()\n" + SESS.format(""), "s = aiohttp.ClientSession(); await s.close()\n" + ASESS.format(""))
fact("session outside of a loop", DIFFERS, "return type(requests.Session()).__name__", "return await asyncio.to_thread(lambda: type(aiohttp.ClientSession()).__name__)")

# Streams
fact("iter_content: pieces of a body with a length", SAME, "return [len(c) for c in requests.get(BASE + '/bytes/300', stream=True).iter_content(128)]", "async with session.get(BASE + '/bytes/300') as r:\n    return [len(c) async for c in r.content.iter_chunked(128)]")
fact("iter_content: all bytes", SAME, "return b''.join(requests.get(BASE + '/lines?n=50', stream=True).iter_content(16))", "async with session.get(BASE + '/lines?n=50') as r:\n    return b''.join([c async for c in r.content.iter_chunked(16)])")
fact("iter_content: pieces of a large body", DIFFERS, "return len([len(c) for c in requests.get(BASE + '/bytes/3000000', stream=True).iter_content(100000)])", "async with session.get(BASE + '/bytes/3000000') as r:\n    return len([len(c) async for c in r.content.iter_chunked(100000)])")
fact("iter_content(None)", SAME, "return b''.join(requests.get(BASE + '/lines?n=50', stream=True).iter_content(None))", "async with session.get(BASE + '/lines?n=50') as r:\n    return b''.join([c async for c in r.content.iter_any()])")
fact("iter_content: gzip", SAME, "return b''.join(requests.get(BASE + '/gzip', stream=True).iter_content(16))", "async with session.get(BASE + '/gzip') as r:\n    return b''.join([c async for c in r.content.iter_chunked(16)])")
fact("iter_lines", DIFFERS, "return list(requests.get(BASE + '/lines', stream=True).iter_lines())", "async with session.get(BASE + '/lines') as r:\n    return [line async for line in r.content]")
fact("iter_lines: rstrip", SAME, "return list(requests.get(BASE + '/lines', stream=True).iter_lines())", "async with session.get(BASE + '/lines') as r:\n    return [line.rstrip(b'\\n') async for line in r.content]")
fact("iter_lines: \\r", DIFFERS, "return list(requests.get(BASE + '/lines?sep=%5Cr', stream=True).iter_lines())", "async with session.get(BASE + '/lines?sep=%5Cr') as r:\n    return [line.rstrip(b'\\r\\n') async for line in r.content]")
fact("iter_lines: a line of 3,000,000 bytes", DIFFERS, "return len(list(requests.get(COUNT + '/long', stream=True).iter_lines()))", "async with session.get(COUNT + '/long') as r:\n    return len([line async for line in r.content])")


# The servers beside the one of the behaviour cases


class Own(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    count = 0

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        if self.path.startswith("http://"):
            return self.give(b"through the proxy: " + self.path.encode())
        if self.path == "/x":
            Own.count += 1
            self.close_connection = True
            return None
        if self.path == "/trickle":
            self.send_response(200)
            self.send_header("Content-Length", "40")
            self.end_headers()
            for _ in range(4):
                time.sleep(0.6)
                self.wfile.write(b"0123456789")
            return None
        if self.path == "/long":
            return self.give(b"x" * 3_000_000)
        if self.path == "/1":
            self.give(b"and closes")
            self.close_connection = True
            return None
        return self.give(b"fine")

    do_POST = do_GET

    def give(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)


def asked():
    count, Own.count = Own.count, 0
    return count


def names(error, library):
    """The class of an error, and which of the common bases it has."""
    cls = type(error)
    bases = [
        base
        for base in (library.RequestException if library is requests else library.ClientError, OSError, ValueError, TimeoutError, UnicodeError) if issubclass(cls, base)]
    root = cls.__module__.split(".")[0]
    return f"{root}.{cls.__name__} ({', '.join(base.__name__ for base in bases)})"


def is_value_error(call, *arguments):
    try:
        call(*arguments)
    except ValueError:
        return True


def text(call):
    try:
        call()
    except Exception as error:
        return re.sub(r"127\.0\.0\.1:\d+", "HOST", str(error))


class proxy_in_environment:
    def __init__(self, no_proxy="", name="HTTP_PROXY"):
        self.values = {name: OWN["PROXY"], "NO_PROXY": no_proxy}

    def __enter__(self):
        os.environ.update(self.values)

    def __exit__(self, *exception):
        for name in self.values:
            os.environ.pop(name, None)


OWN = {}
PRELUDE = "import asyncio, functools, io, json, re, ssl, time, urllib.parse\nd = urllib.parse.unquote_plus\n"


def value(call):
    try:
        return repr(call())
    except Exception as error:
        return f"raises {type(error).__module__.split('.')[0]}.{type(error).__name__}"


def function(source, keyword, space):
    body = textwrap.indent(source, "    ")
    exec(f"{PRELUDE}{keyword} fact():\n{body}", space)
    return space["fact"]


def both(before, after, space):
    run = function(after, "async def", dict(space))

    async def with_session():
        async with aiohttp.ClientSession() as session:
            run.__globals__["session"] = session
            return await run()

    def limited():
        # A connection that the machine loses would keep the whole measurement waiting: it is made once more.
        for _ in range(2):
            started = time.monotonic()
            try:
                return asyncio.run(asyncio.wait_for(with_session(), SECONDS))
            except asyncio.TimeoutError:
                if time.monotonic() - started < SECONDS:
                    raise
        raise RuntimeError(f"no end after {SECONDS} seconds")

    return value(function(before, "def", dict(space))), value(limited)


def tls(folder):
    """A server with a certificate that nobody signed, and the file of that. Without openssl there is none."""
    if shutil.which("openssl") is None:
        return "", ""
    certificate = os.path.join(folder, "certificate.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", certificate + ".key", "-out", certificate],
                   check=True, capture_output=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Own)
    server.daemon_threads = True
    server.handle_error = lambda *arguments: None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate + ".key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"https://127.0.0.1:{server.server_address[1]}/", certificate


def full():
    """The address of a port that takes no more connections."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    waiting = []
    for _ in range(3):
        waiting.append(socket.socket())
        waiting[-1].setblocking(False)
        waiting[-1].connect_ex(listener.getsockname())
    OWN["full"] = [listener, *waiting]
    return f"http://127.0.0.1:{listener.getsockname()[1]}/"


def main():
    with tempfile.TemporaryDirectory() as folder:
        return measure(folder, sys.argv[1] if len(sys.argv) > 1 else "")


def measure(folder, word):
    warnings.simplefilter("ignore")
    server = subprocess.Popen([sys.executable, SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    port = int(server.stdout.readline().split()[1])
    own = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Own)
    own.daemon_threads = True
    own.handle_error = lambda *arguments: None
    threading.Thread(target=own.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{own.server_address[1]}"
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)
    OWN["PROXY"] = address
    secure, certificate = tls(folder)
    space = {"requests": requests, "aiohttp": aiohttp, "BASE": f"http://127.0.0.1:{port}", "KEEP": address, "COUNT": address,
             "TRICKLE": address + "/trickle", "TLS": secure, "CERTIFICATE": certificate, "FULL": full(), "PROXY": address, "names": names,
             "text": text, "is_value_error": is_value_error, "asked": asked, "proxy_in_environment": proxy_in_environment,
             "__file__": __file__}
    netrc = os.path.join(folder, "netrc")
    with open(netrc, "w") as file:
        file.write("machine 127.0.0.1\nlogin n\npassword r\n")
    wrong = 0
    for name, same, before, after in FACTS:
        if word not in name or not secure and "TLS" in before:
            continue
        os.environ["NETRC"] = netrc if name.startswith("netrc") else os.devnull
        # A machine under load may miss a limit of time: once is no proof.
        for _ in range(3):
            sync, other = both(before, after, space)
            found = sync == other
            if found == same:
                break
        wrong += found != same
        mark = "same   " if found else "differs"
        print(f"{'' if found == same else 'CHANGED '}{mark} {name}: {sync[:200]}" + ("" if found else f" | {other[:200]}"))
    server.stdin.close()
    server.wait()
    print(f"{len(FACTS)} facts, {wrong} not as written")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
