from app.clients import client, users
from app.repo import Audit, fill, other


def main():
    repo = Audit(users())
    repo.collection.insert({"i": 10})
    repo.open()
    print(repo.rows(), repo.name, repo.first())
    repo.save([{"i": 11}, {"i": 12}])
    print(fill(users(), 3))
    files = client.files
    print(files.read("x"))
    print(list(other()))
    print(users().find({"i": 1}).fetch(), client.ping())
    client.close()
