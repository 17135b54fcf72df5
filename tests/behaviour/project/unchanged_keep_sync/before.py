# case: unchanged
import time


def load(n):  # awaitify: keep-sync
    time.sleep(0.001)
    return n


class Job:
    # awaitify: keep-sync
    def run(self):
        return self.step()

    def step(self):
        time.sleep(0.001)
        return "step"


def main():
    print(load(1), Job().run())


if __name__ == "__main__":
    main()
