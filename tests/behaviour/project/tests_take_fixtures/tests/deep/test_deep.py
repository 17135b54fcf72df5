def test_other_client(other_client, client):
    assert other_client.fetch(8) == client.fetch(8)
    assert other_client.name == "clients"


def test_fetched(fetched):
    assert fetched == 15
