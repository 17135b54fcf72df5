# case: expect = @contextlib.asynccontextmanager
# case: expect = async with session("b"), session("c"): raise ValueError("x")
# case: expect = asyncio.run(main())
import contextlib, time
@contextlib.contextmanager
def session(name):
    time.sleep(0); print("open", name)
    try:
        yield name.upper()
    except ValueError as e:
        print("handled", e)
    finally:
        time.sleep(0); print("close", name)
def main():
    with session("a") as s: print(s)
    with session("b"), session("c"): raise ValueError("x")
    print("after")
main()
