# case: args = --scope project --seed all
# case: reject = import requests
# case: expect = except httpx.HTTPStatusError as error:
# case: reject api.py = import requests
# case: expect show.py = not response.is_error
# case: expect show.py = import httpx
import requests

from api import Api
from show import last, show


def report(api: Api, number):
    try:
        response = api.fetch(f"/user/{number}")
        response.raise_for_status()
    except requests.HTTPError as error:
        return f"no {error.response.status_code}"
    return response.json()["name"]


def main():
    with Api() as api:
        print(report(api, 1), report(api, 99))
        print(show(api.fetch("/user/2")), show(api.fetch("/user/99")), show())
        print(last(api))
        print([page["name"] for page in api.pages(4)])
        print(api.quietly("/user/99"), api.quietly("/user/3"))


if __name__ == "__main__":
    main()
