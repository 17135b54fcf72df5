# case: expect = asyncio.run(main())
# case: expect = await tools.text.load.words(
# case: expect tools/text/load.py = async def words(
import tools.text.load


def main():
    print(tools.text.load.words("a b"))


if __name__ == "__main__":
    main()
