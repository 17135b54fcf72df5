# case: unchanged
import time


class Handle:
    def close(self):
        time.sleep(0.001)
        print("closed")

    def __del__(self):
        self.close()


def main():
    handle = Handle()
    handle.close()
    del handle
    print("end")


if __name__ == "__main__":
    main()
