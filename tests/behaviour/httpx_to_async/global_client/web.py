import os

import httpx

BASE = os.environ["BASE"]
client = httpx.Client(base_url=BASE)
