# case: expect = r = await job(-1)
import time
def job(x):
    time.sleep(0)
    if x < 0: raise ValueError("neg")
    return x
def main():
    try:
        r = job(-1)
    except ValueError as e: print("at call", e); return
    print(r)
main()
