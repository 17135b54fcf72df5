# case: args = --seed all
# case: expect = app = FastAPI(lifespan=lifespan)
# case: expect = await start()
import time

from fastapi import FastAPI
from fastapi.testclient import TestClient


def create(log):
    app = FastAPI()

    @app.on_event("startup")
    def start():
        time.sleep(0)
        log.append("up")

    @app.get("/")
    async def index():
        return log

    return app


def main():
    log = []
    app = create(log)
    with TestClient(app) as client:
        print(client.get("/").json())
    print(log)


main()
