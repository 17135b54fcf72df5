from pytest import fixture

from store import Client


@fixture
def other_client(client):
    return Client(client.name + "s")


@fixture()
def fetched(other_client):
    return other_client.fetch(7)
