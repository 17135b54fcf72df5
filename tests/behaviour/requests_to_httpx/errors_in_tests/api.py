import requests


class Api:
    def __init__(self, url):
        self.url = url
        self.session = requests.Session()

    def user(self, number):
        try:
            response = self.session.get(f"{self.url}/users/{number}", timeout=5)
        except requests.RequestException:
            raise
        response.raise_for_status()
        return response.json()

    def users(self, numbers):
        return [self.user(number) for number in numbers]
