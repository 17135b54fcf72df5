# case: expect = return await self.__step()
import sys
import time


class Runner:
    if sys.platform == "nowhere":

        def __step(self):
            return "nowhere"

    else:

        def __step(self):
            time.sleep(0.001)
            return "here"

    def run(self):
        return self.__step()


def main():
    print(Runner().run())


if __name__ == "__main__":
    main()
