def dump(handle):
    handle.write("x")


async def save(path):
    with open(path, "w") as f:
        dump(f)
