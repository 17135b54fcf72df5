# case: args = --scope project --seed all
# case: expect c_second.py = await self.client.get("/second")
from a_first import First
from c_second import Second


def main():
    first = First()
    second = Second()
    print(first.fetch(), second.fetch(), second.other())
    first.close()
    second.close()


if __name__ == "__main__":
    main()
