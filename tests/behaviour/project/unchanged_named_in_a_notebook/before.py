# case: unchanged
# The notebook calls the function without `await`.
import json
from pathlib import Path

from work import work


def main():
    print(work(1))


if __name__ == "__main__":
    main()
    cell = json.loads(Path("study.ipynb").read_text(encoding="utf-8"))["cells"][1]
    *first, last = cell["source"]
    exec("".join(first))
    print(eval(last))
