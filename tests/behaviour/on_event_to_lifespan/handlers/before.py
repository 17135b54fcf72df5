# case: args = --seed all
# case: expect = app = FastAPI(title="x", lifespan=lifespan)
# case: expect = await start()
# case: reject = on_event
from fastapi import FastAPI
from fastapi.testclient import TestClient

app = FastAPI(title="x")
state = {}


@app.on_event("startup")
async def start():
    state["ready"] = True
    print("startup 1")


@app.on_event("startup")
def log():
    print("startup 2")


@app.on_event("shutdown")
def stop():
    print("shutdown", state.pop("ready"))


@app.get("/")
async def index():
    return state


def main():
    with TestClient(app) as client:
        print(client.get("/").json())
    try:
        with TestClient(app):
            raise ValueError("in the block")
    except ValueError as error:
        print(error)
    print(state)


main()
