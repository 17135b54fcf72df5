# case: unchanged
# case: args = --scope project --seed all
# `other` may be anything that has a method of this name.
import time


class Runner:
    def __step(self):
        time.sleep(0.001)
        return "step"

    def beside(self, other):
        return other.__step()

    def alone(self):
        return self.__step()


class Twin:
    def _Runner__step(self):
        return "twin"


def main():
    print(Runner().alone(), Runner().beside(Twin()))


if __name__ == "__main__":
    main()
