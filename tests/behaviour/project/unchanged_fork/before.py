# case: unchanged
# No event loop runs in the copy of a process.
import os
import time


def pause():
    time.sleep(0.001)


def daemonize():
    return os.fork()


def main():
    pid = daemonize()
    if pid == 0:
        pause()
        print("child", flush=True)
        os._exit(0)
    os.waitpid(pid, 0)
    pause()
    print("parent")


if __name__ == "__main__":
    main()
