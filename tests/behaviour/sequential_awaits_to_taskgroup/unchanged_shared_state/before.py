# case: args = --select sequential_awaits_to_taskgroup --unsafe --scope function
# case: unchanged
import asyncio

state = {"n": 0}


async def step(x):
    n = state["n"]
    await asyncio.sleep(0)
    state["n"] = n + x
    return state["n"]


async def main():
    print([await step(x) for x in (1, 2, 3)], state)


asyncio.run(main())
