# case: expect = def __aiter__(self)
# case: expect = async def __anext__(self)
# case: expect = raise StopAsyncIteration
# case: expect = async for n in Countdown(3)
# case: expect = async def __aiter__(self)
import time


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        time.sleep(0.001)
        self.n -= 1
        return self.n


class Table:
    def __init__(self, rows):
        self.rows = rows

    def __iter__(self):
        for row in self.rows:
            time.sleep(0.001)
            yield row


def main():
    for n in Countdown(3):
        print(n)
    print([row for row in Table("ab")], list(Table("cd")))


if __name__ == "__main__":
    main()
