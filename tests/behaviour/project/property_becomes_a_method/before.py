# case: args = --scope project --seed all --unsafe
# case: expect = await job.size()
# case: expect = async def size(self)
# case: reject = @property
import time


class Job:
    @property
    def size(self):
        time.sleep(0.001)
        return 3


def main():
    job = Job()
    print(job.size, job.size + 1)


if __name__ == "__main__":
    main()
