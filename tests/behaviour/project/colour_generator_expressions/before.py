# case: args = --scope project --seed all --make-async before:price
# case: expect = sum([
def price(x): return x * 2
def main():
    print(sum(price(x) for x in range(4)), max((price(x) for x in range(3)), default=0), sorted(price(x) for x in (2, 1)))
    print(",".join(str(price(x)) for x in range(3)), tuple(price(x) for x in range(2)), set(price(x) for x in range(1)), dict((x, price(x)) for x in range(2)))
    print({x: price(x) for x in range(2)}, {price(x) for x in range(2)}, [price(x) for x in range(4) if price(x) > 2])
    print(list(enumerate(price(x) for x in range(2))), len(list(price(x) for x in range(2))), [y for x in range(2) for y in [price(x)] * 2])
main()
