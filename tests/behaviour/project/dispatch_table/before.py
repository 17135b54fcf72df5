# case: expect = await HANDLERS[key](
# case: expect = await self.table[key](n)
# case: expect = async def pop(
import time


def add(a, b):
    time.sleep(0.001)
    return a + b


def mul(a, b):
    time.sleep(0.001)
    return a * b


HANDLERS = {"add": add, "mul": mul}


class Machine:
    def __init__(self):
        self.table = {"push": self.push, "pop": self.pop}

    def push(self, n):
        time.sleep(0.001)
        return f"push {n}"

    def pop(self, n):
        time.sleep(0.001)
        return f"pop {n}"

    def run(self, key, n):
        return self.table[key](n)


def main():
    print([HANDLERS[key](3, 4) for key in ("add", "mul")], sorted(HANDLERS), "add" in HANDLERS)
    machine = Machine()
    print(machine.run("push", 1), machine.run("pop", 2))


if __name__ == "__main__":
    main()
