# case: expect left.py = async def ping(
# case: expect left.py = await pong(
# case: expect right.py = async def pong(
# case: expect right.py = await left.ping(
def main():
    from left import ping

    print(ping(5))


if __name__ == "__main__":
    main()
