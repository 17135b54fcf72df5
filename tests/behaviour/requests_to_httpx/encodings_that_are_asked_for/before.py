# case: args = --scope project --seed all
# case: reject = import requests
# case: expect = event_hooks={"response": [_requests_encoding]}
import os

import requests

BASE = os.environ["BASE"]


class Pages:
    def __init__(self):
        self.session = requests.Session()

    def read_page(self, path):
        response = self.session.get(BASE + path)
        if response.encoding == "ISO-8859-1":
            response.encoding = "utf-8"
        return response.text


def main():
    response = requests.get(BASE + "/body?ctype=text/plain&body=caf%E9")
    print(repr(response.text), response.encoding)
    response = requests.get(BASE + "/body?ctype=text/html;charset=utf-8&body=caf%C3%A9")
    print(repr(response.text), response.encoding)
    response = requests.get(BASE + "/body?ctype=text/plain&body=caf%C3%A9")
    response.encoding = "utf-8"
    print(repr(response.text))
    response = requests.get(BASE + "/body?ctype=application/json&body=%22caf%C3%A9%22")
    print(response.json(), repr(response.text), response.encoding)
    pages = Pages()
    print(pages.read_page("/body?ctype=text/html&body=caf%C3%A9"))
    pages.session.close()


if __name__ == "__main__":
    main()
