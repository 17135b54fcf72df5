# case: expect state.py = await client.get(
# case: expect = await state.load(2)
import state


def main():
    state.connect("c")
    print(state.load(2))
    state.close()
    print(state.client)


if __name__ == "__main__":
    main()
