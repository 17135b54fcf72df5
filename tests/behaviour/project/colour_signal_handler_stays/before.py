# case: args = --scope project --seed all --make-async before:main
import os, signal, time
got = []
def handler(signum, frame): got.append(signum); print("sig")
def main():
    signal.signal(signal.SIGUSR1, handler)
    os.kill(os.getpid(), signal.SIGUSR1)
    time.sleep(.05); print(len(got))
main()
