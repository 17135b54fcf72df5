# case: args = --scope project --unsafe
# case: expect app/clients.py = client = acme.aio.AsyncClient("acme://here")
# case: expect app/clients.py = def users() -> "acme.aio.AsyncCollection":
# case: expect app/repo.py =     from acme.aio import AsyncCollection, AsyncCursor
# case: expect app/repo.py =     cursor: Optional[AsyncCursor] = None
# case: expect app/repo.py = return [row async for row in self.cursor]
# case: expect app/repo.py = async with self.collection.pipeline() as pipeline:
from app.main import main

if __name__ == "__main__":
    main()
