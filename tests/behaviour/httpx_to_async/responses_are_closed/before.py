# case: expect = await response.aclose()
import os

import httpx

BASE = os.environ["BASE"]


def main():
    with httpx.Client(base_url=BASE) as client:
        response = client.get("/echo")
        response.close()
        print(response.is_closed, response.json()["path"], response.read()[:2], list(response.iter_lines())[0][:5])
        client.get("/echo").close()


if __name__ == "__main__":
    main()
