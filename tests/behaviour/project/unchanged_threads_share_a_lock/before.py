# case: unchanged
import threading

lock = threading.Lock()


def save(x):
    with lock:
        print("save", x)


def main():
    threads = [threading.Thread(target=save, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
        thread.join()


main()
