# case: expect = await self.load(
# case: expect = await Loader("x").both()
# case: expect = def run(self):
# case: reject = async def run(
# case: reject = async def handle_data(
# The base class is not of the project, and defines neither `load` nor `both`.
import html.parser
import time


class Loader(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.text = text
        self.seen = []

    def handle_data(self, data):
        self.seen.append(data)

    def run(self):
        self.feed(self.text)
        return self.seen

    def load(self, n):
        time.sleep(0.001)
        return [n]

    def both(self):
        return self.load(1) + self.run()


def main():
    print(Loader("x").both())


if __name__ == "__main__":
    main()
