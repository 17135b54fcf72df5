# case: args = --scope project --seed all --unsafe
# case: expect = async with await Job.create(1) as job:
# case: expect = [item async for item in job]
# case: expect jobs.pyi = async def create(cls, n: int) -> "Job": ...
# case: expect jobs.pyi = async def size(self) -> int: ...
# case: expect jobs.pyi = async def __aenter__(self) -> "Job": ...
# case: expect jobs.pyi = async def __aexit__(self, *exc: object) -> None: ...
# case: expect jobs.pyi = def __aiter__(self) -> AsyncIterator[int]: ...
# case: reject jobs.pyi = @property
from jobs import Job


def main():
    with Job(1) as job:
        print(job.size, list(job))


if __name__ == "__main__":
    main()
