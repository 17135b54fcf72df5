# case: args = --scope project --seed all
# case: reject = import requests
# case: expect = event_hooks={"response": [_response_hook(note)]}
import os

import requests

BASE = os.environ["BASE"]
SEEN = []


def note(response, **kwargs):
    SEEN.append((response.status_code, response.ok))


def main():
    print(requests.get(BASE + "/redirect/1", hooks={"response": note}).status_code, SEEN)
    print(requests.get(BASE + "/user/99", hooks={"response": [note]}).json(), SEEN[-1])


if __name__ == "__main__":
    main()
