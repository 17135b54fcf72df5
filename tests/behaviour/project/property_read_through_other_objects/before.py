# case: args = --scope project --seed all --unsafe
# case: expect = await owner.job.size()
# case: expect = await owner.first().size()
# case: expect jobs.py = return await self.size() * 2
# case: expect jobs.py = @property
from jobs import Owner


def main():
    owner = Owner()
    total = 0
    for _ in range(2):
        total += owner.job.size
    print(total, owner.first().size, owner.job.twice(), owner.job.name)
    while owner.job.size < 5:
        owner.job.grow()
    print("done", owner.job.size if owner else None)


if __name__ == "__main__":
    main()
