# case: args = --seed all --unsafe
# case: expect = async with app.router.lifespan_context(app), httpx.AsyncClient(
# case: expect = transport=httpx.ASGITransport(app=app),
# case: expect = base_url="http://testserver",
# case: expect = follow_redirects=True,
# case: expect = ) as client:
from contextlib import asynccontextmanager

from fastapi import BackgroundTasks, FastAPI, Request
from fastapi.responses import RedirectResponse
from fastapi.testclient import TestClient

log = []


@asynccontextmanager
async def lifespan(app):
    app.state.x = 5
    log.append("up")
    yield
    log.append("down")


app = FastAPI(lifespan=lifespan)


@app.get("/x")
def x():
    return app.state.x


@app.get("/r")
async def r():
    return RedirectResponse("/x")


@app.post("/echo")
async def echo(request: Request, background: BackgroundTasks):
    background.add_task(log.append, "background")
    return {"body": await request.json(), "cookies": dict(request.cookies), "host": request.headers["host"]}


@app.get("/boom")
def boom():
    raise ValueError("boom")


def main():
    with TestClient(app) as client:
        client.cookies.set("a", "1")
        print(client.get("/x").json(), client.get("/r").json(), str(client.get("/r").url))
        print(client.post("/echo", json={"k": [1]}).json(), log)
        print(client.request("DELETE", "/x").status_code, client.get("/none").json())
        try:
            client.get("/boom")
        except ValueError as error:
            print("raised", error)
    print(log)
    plain = TestClient(app, base_url="http://here", follow_redirects=False)
    print(plain.get("/r").status_code, str(plain.get("/x").url), log)


main()
