# case: expect app/routes.py = await asyncio.sleep(0.001)
# case: reject app/routes.py = time.sleep
# The application is made in another module, and two routes have one name.
from fastapi.testclient import TestClient

from app import routes
from app.application import app

client = TestClient(app)
for path in ("/first", "/second"):
    print(client.get(path).json())
print(hasattr(routes, "read"))
