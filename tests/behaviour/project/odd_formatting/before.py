# case: expect = if await load(1): print("one")  # same line
# case: expect = a = await load(2); b = await load(3)
# case: expect = # the first
# case: expect = 2,  # two
# case: expect = async def spread(
import time


def load(n): time.sleep(0.001); return n


def spread(
    a,  # the first
    *rest,
) -> list:
    return [
        a,
        *rest,
        load(  # inside
            2,  # two
        ),
    ]


class Holder: x = 1; y = 2


def  main ( ) :
    if load(1): print("one")  # same line
    a = load(2); b = load(3)
    total = load(a) \
        + load(b)
    print(a, b, total, spread(1, *[5,
                                   6]), (
        load(9)
    ), Holder.x)
    text = f"""{load(4)}
    {load(5)}"""; print(text)


if __name__ == "__main__": main()
