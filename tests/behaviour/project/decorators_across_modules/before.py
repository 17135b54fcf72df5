# case: expect = asyncio.run(main())
# case: expect tools/timing.py = return await fn(*args)
# case: expect tools/timing.py = await asyncio.sleep(0.001)
# case: expect work.py = return await first(x)
# case: keep tools/__init__.py
from work import first, second


async def unrelated():
    return 1


def main():
    print(first(1), second(9), first.calls, second.calls)


if __name__ == "__main__":
    main()
