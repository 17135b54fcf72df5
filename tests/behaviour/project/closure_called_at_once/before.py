# case: expect = out.append(await body())
import time
def main():
    out = []
    for i in range(3):
        def body(): time.sleep(0); return i
        out.append(body())
    print(out)
main()
