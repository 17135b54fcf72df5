# case: args = --scope project --seed all
# case: expect = async def main
import os

import requests

BASE = os.environ["BASE"]


def main():
    for q in ("n=3&step=5", "n=2&step=3&sep=\\r", "n=3&step=7"):
        with requests.get(BASE + "/lines?" + q, stream=True) as r:
            print([line for line in r.iter_lines()])
    with requests.get(BASE + "/raw?ctype=text/plain&body=a%0Bb%E9%0Ac%C2%85%0A%0Ad", stream=True) as r:
        print(list(r.iter_lines()))
    with requests.get(BASE + "/raw?body=a,b|,c", stream=True) as r:
        print(list(r.iter_lines(delimiter=b",")))


if __name__ == "__main__":
    main()
