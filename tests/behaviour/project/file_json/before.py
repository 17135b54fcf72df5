# case: expect = json.loads(await f.read(), parse_float=str)
# case: expect = asyncio.run(main())
import json
def main():
    with open("a.json", "w") as f:
        json.dump({"k": [1, 2.5, None, "é"]}, f, indent=2, ensure_ascii=False, sort_keys=True)
    with open("a.json") as f:
        print(json.load(f, parse_float=str))
    with open("a.json") as f:
        print(f.read())
main()
