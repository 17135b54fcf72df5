import time
from typing import overload


@overload
def load(key: int) -> int: ...
@overload
def load(key: str) -> str: ...
def load(key):
    time.sleep(0.001)
    return key
