# case: expect = await chain.three(
# case: expect = sorted(["bb", "a"], key=refused.rank)
# case: keep refused.py
# case: expect chain.py = await two(
import chain
import refused


def main():
    print(chain.three(1))
    print(sorted(["bb", "a"], key=refused.rank))
    print(refused.rank("ccc"))


if __name__ == "__main__":
    main()
