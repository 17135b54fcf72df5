# case: expect shop.py = async def total
# Who only looks at a module, or loads it anew, calls none of its functions.
import importlib
import types

import shop


class Till:
    def total(self):
        return 1


def count(till):
    return till.total()


def main():
    importlib.reload(shop)
    print(isinstance(shop, types.ModuleType), count(Till()))
    print(shop.total())


if __name__ == "__main__":
    main()
