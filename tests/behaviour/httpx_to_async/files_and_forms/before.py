import os

import httpx

BASE = os.environ["BASE"]


import io
import re


def send():
    with httpx.Client(base_url=BASE) as client:
        answer = client.post("/echo", data={"k": "v"}, files={"f": ("n.txt", io.BytesIO(b"content"), "text/plain")})
        print(re.sub(r"[0-9a-f]{32}", "B", answer.json()["body"]))
        with open("data.bin", "wb") as file:
            file.write(b"x" * 70000)
        with open("data.bin", "rb") as file:
            print(len(client.post("/echo", files={"f": file}).json()["body"]) > 70000)
        print(client.post("/echo", content="text").json()["body"])


def main():
    send()


if __name__ == "__main__":
    main()
