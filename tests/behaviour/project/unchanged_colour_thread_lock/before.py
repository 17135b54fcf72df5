# case: args = --scope project --seed all --make-async before:save
# case: unchanged
import threading
L = threading.Lock()
def save(x):
    with L: print("save", x)
def main():
    ts = [threading.Thread(target=save, args=(i,)) for i in range(2)]
    for t in ts: t.start(); t.join()
main()
