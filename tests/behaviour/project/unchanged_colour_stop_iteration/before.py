# case: args = --scope project --seed all --make-async before:first
# case: unchanged
def first(it):
    return next(it)
def main():
    try: print(first(iter([])))
    except StopIteration: print("empty")
main()
