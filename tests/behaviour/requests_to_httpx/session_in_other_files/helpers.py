from client import Client


def login(session, base):
    session.post(base + "/echo", json={"user": "u"})
    session.headers["X-User"] = "u"


def names(client: Client, numbers):
    return [client.fetch(f"/user/{n}")["name"] for n in numbers]
