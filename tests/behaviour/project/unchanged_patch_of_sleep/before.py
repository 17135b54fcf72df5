# case: unchanged
# The name that the patch is of would go with the import, and the mock would no longer be what is called.
from unittest.mock import patch

import jobs


def check():
    with patch("jobs.time.sleep") as sleep:
        print(jobs.load(2))
        print(sleep.call_args_list)


def main():
    print(jobs.load(1))
    check()


if __name__ == "__main__":
    main()
