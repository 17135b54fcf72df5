# case: expect app.py = await self.client.get(
# case: expect app.py = await self.backup.get(
# case: expect app.py = await client.get(
# case: expect app.py = self.cache.get(
# case: reject app.py = await self.cache.get(
# case: reject app.py = await box.get(
import app


def main():
    service = app.Service()
    service.open()
    print(service.load("a"), service.load("a"), service.either("b"), app.local("c"))


if __name__ == "__main__":
    main()
