# case: expect files.py = async with aiofiles.open(
# case: expect files.py = await f.write(
# case: expect files.py = json.loads(await f.read())
# case: expect = await files.save(
# case: expect = await files.load(
# case: expect = asyncio.run(main())
import files


def main():
    files.save("a.json", {"k": [1, 2]})
    print(files.load("a.json"))
    print(files.lines("a.json"))


if __name__ == "__main__":
    main()
