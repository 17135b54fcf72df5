# case: args = --seed all --unsafe
# case: expect = @respx.mock
# case: expect = respx.get(URL).mock(
# case: reject = import responses
# case: reject = import requests
import json
import re
from urllib.parse import parse_qs

import requests
import responses
from responses import matchers

URL = "http://api.test/items"


def items(**kw):
    try:
        response = requests.get(URL, timeout=5)
        response.raise_for_status()
        return response.json()
    except requests.ConnectionError:
        return "lost"
    except requests.HTTPError as error:
        return error.response.status_code


def create(item):
    return requests.post(URL, json=item).json()


def tag(item, name):
    return requests.put(f"{URL}/{item}", data={"tag": name}).status_code


def root():
    return requests.get("http://api.test").text


# Answers in turn.
@responses.activate
def several_answers():
    responses.add(responses.GET, URL, json={"n": 1}, status=200)
    # Then it fails.
    responses.add(responses.GET, URL, body="boom", status=500)
    responses.add(responses.GET, URL, body=requests.ConnectionError("x"))
    print(items(), items(), items())
    print(len(responses.calls), responses.calls[1].request.url, responses.calls[0].request.method)


@responses.activate
def one_after_the_other():
    responses.add(responses.GET, URL, json=[1])
    print(items())
    responses.add(responses.GET, URL, json=[2])
    print(items())


@responses.activate()
def bodies():
    responses.post(
        URL,
        json={
            "id": 3,  # the first
        },
        status=201,
        headers={"X-Page": "1"},
    )
    responses.add(responses.PUT, re.compile(r"http://api\.test/items/\d+"), body=b"", status=204)
    print(create({"name": "a", "parts": [1, 2]}))
    print(tag(3, "new"))
    sent = responses.calls[0].request
    print(json.loads(sent.body), sent.headers["Content-Type"])
    print(parse_qs(responses.calls[1].request.body))
    for call in responses.calls:
        print(call.request.method, call.response.status_code)
    print([call.request.url for call in responses.calls])


@responses.activate
def matched():
    route = responses.add(
        responses.POST,
        URL,
        body=json.dumps({"ok": True}),
        content_type="application/json",
        match=[matchers.json_params_matcher({"a": 1})],
    )
    responses.get("http://api.test", "the root")
    print(create({"a": 1}), root())
    print(route.call_count)
    responses.assert_call_count(URL, 1)


@responses.activate
def callbacks():
    def answer(request):
        got = json.loads(request.body)
        if got["k"] > 1:
            return (409, {}, json.dumps({"error": "too many"}))
        return 201, {"X-Found": "yes"}, json.dumps({"got": got})

    responses.add_callback(responses.POST, URL, callback=answer, content_type="application/json")
    print(create({"k": 1}), create({"k": 2}))


def in_a_block():
    with responses.RequestsMock() as rsps:
        rsps.add(rsps.GET, URL, json={"n": 2})
        print(items(), len(rsps.calls))
    with responses.RequestsMock(assert_all_requests_are_fired=False) as rsps:
        rsps.add(method="GET", url=URL, status=404)
        rsps.add(responses.DELETE, URL)
        print(items())


if __name__ == "__main__":
    several_answers()
    one_after_the_other()
    bodies()
    matched()
    callbacks()
    in_a_block()
