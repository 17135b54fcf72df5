# case: expect = sum([item async for item in Countdown(4)])
# case: expect = [*[item async for item in Countdown(2)]]
# case: expect = {n: n * n async for n in countdown}
# case: expect count.py = async for item in Countdown(start):
from count import Countdown, twice


def main():
    countdown = Countdown(3)
    print(sum(Countdown(4)), sorted(Countdown(3)), [*Countdown(2)])
    print({n: n * n for n in countdown}, list(twice(2)), tuple(countdown))


if __name__ == "__main__":
    main()
