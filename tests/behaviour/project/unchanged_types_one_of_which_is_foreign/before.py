# case: args = --scope project --seed all --unsafe
# case: unchanged
# The call may be one of the library's method, which gives no awaitable.
import io
import time


class Source:
    def getvalue(self):
        time.sleep(0.001)
        return "slow"


def text(source: Source | io.StringIO):
    return source.getvalue()


def main():
    print(text(Source()), text(io.StringIO("fast")))


if __name__ == "__main__":
    main()
