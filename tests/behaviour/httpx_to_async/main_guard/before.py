# case: args = --seed all
# case: expect = async def main():
# case: expect = await client.get(BASE + "/echo?a")
# case: expect = async with aiofiles.open(
# case: reject = httpx.get(
# What stands under a main guard becomes the program's coroutine, whatever else there begins it.
import os
import tempfile

import httpx

BASE = os.environ["BASE"]


def path_of(folder):
    return os.path.join(folder, "answers")


if __name__ == "__main__":
    first = httpx.get(BASE + "/echo?a").json()["path"]
    # What came of it.
    for name in ("b", "c"):
        answer = httpx.get(BASE + f"/echo?{name}", timeout=5)
        print(first, answer.json()["path"])
    with tempfile.TemporaryDirectory() as folder:
        with open(path_of(folder), "w") as out:
            out.write(answer.text)
        with open(path_of(folder)) as answers:
            print(len(answers.read()) > 2)
    print("end")
