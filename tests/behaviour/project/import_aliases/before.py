# case: expect = await s.load(1)
# case: expect = await fetch(2)
# case: expect = await again(3)
# case: expect = await s.load(4)
import store as s
from store import load as fetch

again = fetch


def main():
    print(s.load(1), fetch(2), again(3))
    local = s
    print(local is s, s.load(4))


if __name__ == "__main__":
    main()
