import requests


def name(number):
    response = requests.get(f"https://api.test/users/{number}", timeout=3)
    response.raise_for_status()
    return response.json()["name"]


def status(url):
    try:
        return requests.get(url).status_code
    except requests.Timeout:
        return None
