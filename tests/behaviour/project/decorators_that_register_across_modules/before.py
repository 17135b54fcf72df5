# case: expect registry.py = return await _COMMANDS[name](n)
# case: expect registry.py = await self.handlers[kind](event)
# case: expect jobs.py = async def ping(
# case: expect jobs.py = async def started(
# case: expect more.py = async def pong(
import jobs
import more
import registry


def main():
    print(registry.run("ping", 1), registry.run("pong", 2), jobs.ping(3), more.pong(4))
    jobs.bus.fire("start", 1)
    jobs.bus.fire("stop", 2)
    print(registry.names())


if __name__ == "__main__":
    main()
