# case: args = --seed all --unsafe
# case: unchanged
# respx takes the requests of httpx alone, so what it would double stays as well.
import requests
import responses


def name(number):
    return requests.get(f"http://api.test/user/{number}").json()["name"]


@responses.activate
def check():
    responses.get("http://api.test/user/1", json={"name": "x"})
    print(name(1))


if __name__ == "__main__":
    check()
