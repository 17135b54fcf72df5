# case: unchanged
import asyncio

from res import Both, Half


async def later():
    async with Both():
        print("async")


def main():
    with Both():
        print("sync")
    asyncio.run(later())
    try:
        Half().__enter__()
    except AttributeError as error:
        print(error)


if __name__ == "__main__":
    main()
