# case: args = --scope project --seed all --unsafe
# case: unchanged
from unittest import mock

from jobs import Cached, Patched, Settable


def main():
    job = Settable()
    job.size = 3
    print(job.size, Cached().length)
    with mock.patch("jobs.Patched.width", new=5):
        print(Patched().width)
    print(sorted([Patched()], key=lambda one: one.width)[0].width, Patched().width)


if __name__ == "__main__":
    main()
