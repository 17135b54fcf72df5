import os

import httpx

BASE = os.environ["BASE"]


def pages(client, path):
    found = []
    while path and (response := client.get(path)).status_code == 200:
        found.append(response.json()["path"])
        path = "/echo?next" if len(found) < 2 else None
    return found


def main():
    with httpx.Client(base_url=BASE) as client:
        print(pages(client, "/echo?first"))
        print({path: client.get(path).status_code for path in ("/echo", "/status/404")})
        print(all(client.get(path).is_success for path in ("/echo", "/status/500", "/never")))
        print(f"{client.get('/echo').status_code} {client.get('/status/201').reason_phrase}")


if __name__ == "__main__":
    main()
