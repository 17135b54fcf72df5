# case: expect = await chosen(2), await get()(3)
# case: expect = print(name, await action(1))
# case: expect = await tables.TABLE["load"](4)
# case: expect = await tables.HOOK(6)
# case: expect tables.py = return await HOOK(5)
# case: reject tables.py = async def get(
import tables
from tables import TABLE, get


def main():
    chosen = get()
    print(chosen(2), get()(3))
    for name, action in TABLE.items():
        print(name, action(1))
    print(tables.TABLE["load"](4), TABLE.get("load")(3))
    print(tables.hook())
    tables.set_hook(tables.load)
    print(tables.hook(), tables.HOOK(6))


if __name__ == "__main__":
    main()
