# case: args = --scope project --seed all --unsafe
# case: expect = if await job.size() > 3 and not await job.size() == 5:
# case: expect = (await Double().size()).bit_length()
# case: expect = sum([await Double().size() for _ in "ab"])
# case: expect jobs.py = async def size(self) -> int: ...
# case: expect jobs.py = return await super().size() + 1
# case: reject jobs.py = @property
from jobs import Double, Job, Single


def show(job: Job):
    if job.size > 3 and not job.size == 5:
        print("big", job.size)
    return job.size


def main():
    print(Single().describe(), Double().size.bit_length(), sum(Double().size for _ in "ab"))
    print(show(Double()), show(Single()))


if __name__ == "__main__":
    main()
