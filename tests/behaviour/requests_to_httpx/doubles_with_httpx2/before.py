# case: args = --seed all --unsafe
# case: reject = import requests
# case: expect = import pytest_httpx2
# case: expect = @respx.mock(using="httpcore2")
# case: expect = async def check_names(respx_mock):
# case: expect = httpx.Response(404, text="none")
# case: expect = httpx2.ConnectError("down")
# respx takes the requests of httpx2 where pytest_httpx2 has told it how to, with a router of its own.
import json

import requests
import responses


def name(number):
    response = requests.get(f"http://api.test/user/{number}")
    response.raise_for_status()
    return response.json()["name"]


def status(number):
    try:
        return name(number)
    except requests.HTTPError as error:
        return error.response.status_code
    except requests.ConnectionError:
        return "no connection"


def create(data):
    return requests.post("http://api.test/user", json=data).json()


@responses.activate
def check_names():
    responses.get("http://api.test/user/1", json={"name": "x"})
    responses.add(responses.GET, "http://api.test/user/2", body="none", status=404)
    responses.add(responses.GET, "http://api.test/user/2", body=requests.ConnectionError("down"))
    print(status(1), status(2), status(2))
    print(len(responses.calls), responses.calls[0].request.url)


@responses.activate()
def check_callback(expected):
    def answer(request):
        return 201, {"X-A": "1"}, json.dumps({"got": json.loads(request.body)})

    responses.add_callback(responses.POST, "http://api.test/user", callback=answer, content_type="application/json")
    print(create({"n": [1]}) == expected)


def check_router():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as rsps:
        rsps.add(responses.GET, "http://api.test/user/3", json={"name": "y"})
        rsps.add(responses.GET, "http://api.test/user/4", json={"name": "z"})
        print(name(3), len(rsps.calls))


if __name__ == "__main__":
    check_names()
    check_callback({"got": {"n": [1]}})
    check_router()
