import requests


class Api:
    def __init__(self, url):
        self.url = url
        self.session = requests.Session()

    def user(self, number):
        response = self.session.get(f"{self.url}/users/{number}")
        response.raise_for_status()
        return response.json()

    def rename(self, number, name):
        return self.session.patch(f"{self.url}/users/{number}", json={"name": name}).json()


def status(url):
    return requests.get(url).status_code


def guarded(url):
    try:
        return requests.get(url).text
    except requests.Timeout:
        return "late"


def search(word):
    return requests.get("https://api.test/search?q=" + word + "&page=1").json()
