# case: args = --unsafe
# case: expect web.py = client = httpx.AsyncClient(base_url=BASE)
import web
from web import client


def load(path):
    return client.get(path).json()["path"]


def main():
    print(load("/echo"))
    print(web.client.get("/echo?2").json()["path"])
    web.client.close()


if __name__ == "__main__":
    main()
