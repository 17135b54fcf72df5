# case: unchanged
# case: args = --scope project --seed all
# The function is reached through an attribute whose name it does not have.
import time


def load(*args):
    time.sleep(0.001)
    return len(args)


class Job:
    run = load


def start(job):
    return job.run(1)


def main():
    print(start(Job()), Job.run())


if __name__ == "__main__":
    main()
