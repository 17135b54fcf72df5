# case: unchanged
import pickle
def main():
    with open("p", "wb") as f:
        for i in range(3): pickle.dump(i, f)
    with open("p", "rb") as f:
        print(pickle.load(f), pickle.load(f), pickle.load(f))
main()
