# case: may stay
# case: expect service.py = async def load(
# case: reject = "service.time.sleep"
# A double replaces a function by its name in a string: it moves along, or nothing does.
from unittest import mock

import service


def main():
    print(service.report(1))
    with mock.patch("service.load", return_value="double"):
        print(service.report(2))
    with mock.patch("service.time.sleep") as sleep:
        print(service.report(3), sleep.call_count)


if __name__ == "__main__":
    main()
