import requests


class Client:
    def __init__(self, base):
        self.base = base
        self.session = requests.Session()

    def fetch(self, path):
        response = self.session.get(self.base + path)
        response.raise_for_status()
        return response.json()

    def status(self, path):
        return self.session.get(self.base + path).status_code

    def name_or_code(self, path):
        try:
            return self.fetch(path)["name"]
        except requests.HTTPError as error:
            return error.response.status_code

    def close(self):
        self.session.close()
