# case: expect steps.py = async def __call__(self, text): ...
# case: expect steps.py = async def __call__(self, text):
# case: expect = await step("a b")
from steps import Step, Strip, Upper


def run(step: Step):
    return step("a b")


def main():
    print(run(Strip()), run(Upper()))


if __name__ == "__main__":
    main()
