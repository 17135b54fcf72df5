import time

import registry


@registry.command("pong")
def pong(n):
    time.sleep(0.001)
    return f"pong {n}"
