# case: expect = async for line in
# case: reject = = open(
import asyncio
import json
import pickle


async def main():
    data = {"a": 1}
    json.dump(data, open("a", "w"), indent=1)
    pickle.dump(data, open("p", "wb"))
    print("line", data, file=open("b", "w"))
    open("c", "w").close()
    for line in open("a"):
        if ":" in line:
            text = open("b").read()
            print(line, text)
            continue
    for line in open("a").readlines():
        print(line)
        break
    else:
        print("never")
    if data: data["b"] = open("c").read(); print(data)
    print([line.strip() for line in open("a")], sum(len(line) for line in open("a")))
    print(pickle.load(open("p", "rb")), sorted(open("a")))


asyncio.run(main())
