# case: args = --seed on_event_to_lifespan
# case: unchanged
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

router = APIRouter()


@router.on_event("startup")
async def warm():
    print("warm")


app = FastAPI()


@app.on_event("startup")
async def start():
    print("start")


app.include_router(router)
with TestClient(app) as client:
    print(client.get("/").status_code)
