# case: expect = asyncio.run(app())
# case: expect shop/service/orders.py = await net.fetch("order"
# case: expect shop/service/orders.py = await fetch("customer"
# case: expect shop/service/orders.py = await price(
# case: expect shop/net.py = async def fetch(
# case: expect shop/service/prices.py = async def price(
# case: keep shop/__init__.py
# case: keep shop/service/__init__.py
from shop.app import app

if __name__ == "__main__":
    print(app())
