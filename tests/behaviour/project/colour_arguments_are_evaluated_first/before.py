# case: args = --scope project --seed all --make-async before:job
def job(x):
    if x < 0: raise ValueError("neg")
    return x
def main():
    try:
        r = job(-1)
    except ValueError as e: print("at call", e); return
    print(r)
main()
