# case: unchanged
import time


class Commands:
    def do_add(self):
        time.sleep(0.001)
        return "added"

    def run(self, name):
        return getattr(self, "do_" + name)()


def main():
    print(Commands().run("add"))


if __name__ == "__main__":
    main()
