# case: expect = print(asyncio.run(loop()))
# case: expect = async with aiofiles.open("a", "w"): pass
# case: reject = async def step
# case: reject = await run()
def step(n): print("step", n); return n
def run():
    try:
        return step(1)
    except Exception: print("no")
    else: print("else")
    finally:
        step(2)
def loop():
    while step(3) != 3: pass
    else: print("while-else")
    with open("a", "w"): pass
    for x in range(2):
        if step(x) == 1: continue
    return run()
print(loop())
