# case: args = --scope project --seed all --unsafe
# case: unchanged
from jobs import Asked, Fixed, Formatted, Matched, Plain
from show import show


def main():
    show(Plain())
    print(Plain().size, Plain.size.fget(Plain()))
    print(Asked().length, getattr(Asked(), "length"))
    print(Formatted().width, "{0.width:>3}".format(Formatted()))
    print(Fixed().height)
    match Matched():
        case Matched(depth=3):
            print("three")
    print(Matched().depth)


if __name__ == "__main__":
    main()
