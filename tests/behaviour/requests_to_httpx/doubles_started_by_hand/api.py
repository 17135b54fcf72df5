import requests


def name(number):
    response = requests.get(f"https://api.test/users/{number}", timeout=3)
    if not response.ok:
        return response.reason
    return response.json()["name"]
