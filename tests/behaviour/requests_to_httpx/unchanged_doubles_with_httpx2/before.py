# case: args = --seed all --unsafe
# case: unchanged
# The router of the module takes the requests of httpx only, so what is registered outside of the function that has one stays.
import requests
import responses


def name(number):
    return requests.get(f"http://api.test/user/{number}").json()["name"]


def register(number):
    responses.get(f"http://api.test/user/{number}", json={"name": "x"})


@responses.activate
def check():
    register(1)
    print(name(1))


if __name__ == "__main__":
    check()
