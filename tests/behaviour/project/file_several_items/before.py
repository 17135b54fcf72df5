# case: expect = await f.write("A"); await g.write("B")
# case: expect = asyncio.run(main())
def main():
    with open("a", "w") as f, open("b", "w") as g:
        f.write("A"); g.write("B")
    with open("a") as f:
        with open("b") as g, open("c", "w") as h:
            h.write(f.read() + g.read())
    with open("c") as f: print(f.read())
main()
