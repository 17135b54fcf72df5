# case: unchanged
import threading
import time

lock = threading.Lock()


def save(x):
    time.sleep(0.001)
    print("save", x)


def locked(x):
    with lock:
        save(x)


def main():
    locked(1)
    lock.acquire()
    save(2)
    lock.release()


if __name__ == "__main__":
    main()
