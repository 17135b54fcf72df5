# case: unchanged
# case: args = --scope project --seed all
# The function is reached through an attribute whose name it does not have.
import functools
import time


def load(*args):
    time.sleep(0.001)
    return len(args)


def save(*args, by=1):
    time.sleep(0.001)
    return by


TABLE = [functools.partial(save, by=3)]


class Job:
    run = load


def start(job):
    return job.run(1)


def main():
    print(start(Job()), Job.run(), [step() for step in TABLE])


if __name__ == "__main__":
    main()
