# case: unchanged
# A name cannot be both annotated and global.
import time
def load(key):
    time.sleep(0)
    return settings[key]
if __name__ == "__main__":
    settings: dict = {"a": 1}
    print(load("a"))
    print(load("a"))
