# case: expect service.py = async def load(
# case: expect service.py = async def fetch(
# case: expect = async def fake(n):
# case: expect = async def check(fetch, load):
# case: reject = async def effect(
# `patch` gives a coroutine function an `AsyncMock`; a function that takes its place changes with it.
from unittest import mock
from unittest.mock import patch

import service


def fake(n):
    return f"fake {n}"


def effect(n):
    return f"effect {n}"


@patch.object(service, "load")
@patch("service.Client.fetch", side_effect=["first", "second"])
def check(fetch, load):
    load.return_value = "loaded"
    client = service.Client()
    print(service.report(1), service.use(client, 2), service.use(client, 3))
    load.assert_called_once_with(1)
    print(fetch.call_count, fetch.mock_calls)


def main():
    print(service.report(1))
    with mock.patch("service.load", return_value="double"):
        print(service.report(2))
    with patch("service.load", fake), patch("service.Client.fetch", new=lambda_free):
        print(service.report(3), service.use(service.Client(), 4))
    with patch("service.load", side_effect=effect) as load:
        print(service.report(5))
        print(load.call_args_list)
    with patch(
        "service.load",
        side_effect=ValueError("no"),
    ):
        try:
            service.report(6)
        except ValueError as error:
            print("caught", error)
    check()
    print(service.report(7))


def lambda_free(self, n):
    return f"lambda free {n}"


if __name__ == "__main__":
    main()
