# case: unchanged
# `curses.wrapper` calls the function and hands back what it gives: nobody awaits that.
import curses
import time


def play(screen, name):
    time.sleep(0.001)
    return f"{name} on {screen}"


def main():
    print(curses.wrapper(play, "ann"))


if __name__ == "__main__":
    # No terminal is needed to show who calls what.
    curses.initscr = lambda: "a screen"
    curses.wrapper = lambda func, *args: func("a screen", *args)
    main()
