# `main` reads a file, and calls methods of a `Log` that goes on blocking: it stays sync as a whole.
# case: unchanged
# case: args = --scope project --seed all --unsafe
class Log:
    def __init__(self, path):
        self.file = open(path, "w")

    def put(self, text):
        self.file.write(text)

    def close(self):
        self.file.close()


def main():
    log = Log("log.txt")
    log.put("x")
    log.close()
    with open("log.txt") as file:
        print(file.read())


main()
