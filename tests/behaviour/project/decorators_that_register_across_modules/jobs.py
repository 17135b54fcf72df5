import time

from registry import Bus, command

bus = Bus()


@command()
def ping(n):
    time.sleep(0.001)
    return f"ping {n}"


@bus.on("start")
def started(event):
    time.sleep(0.001)
    print("started", event)
