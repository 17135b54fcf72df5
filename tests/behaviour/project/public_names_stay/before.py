# case: keep before.py
# case: keep shop/api.py
# case: expect shop/_impl.py = await asyncio.sleep(pause)
# case: reject shop/_impl.py = async def inherited
# case: reject shop/_impl.py = async def ping
# case: reject shop/_impl.py = async def slow
# case: expect shop/_impl.py = async def _unused(self):
# case: expect shop/cli.py = asyncio.run(_main())
# What the package offers stays sync, through re-exports, bases and instances; what it uses inside changes, and so does
# what a command runs.
import shop
import shop.cli

if __name__ == "__main__":
    print(shop.order(1), shop.Client().ask(2))
    print(shop.client.ping(), shop.cli.main())
    print(shop.Client().inherited())
