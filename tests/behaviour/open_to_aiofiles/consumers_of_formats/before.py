# case: expect = tomllib.loads((await f.read()).decode())
# case: expect = tomllib.loads((await f.read()).decode(), parse_float=str)
# case: expect = email.message_from_string(await f.read())
# case: expect = marshal.loads(await f.read())
import asyncio
import email
import email.policy
import marshal
import sys

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


async def load(path):
    try:
        with open(path, "rb") as f:
            return tomllib.load(f)
    except tomllib.TOMLDecodeError as error:
        return f"not TOML: {error}"
    except UnicodeDecodeError as error:
        return f"not UTF-8: {error}"


async def main():
    with open("a.toml", "wb") as f:
        f.write('[tool]\r\nname = "\u00e9"\nratio = 1.50\n'.encode())
    print(await load("a.toml"))
    with open("a.toml", "rb") as f:
        print(tomllib.load(f, parse_float=str)["tool"]["ratio"])
    with open("a.toml", "rb") as f:
        f.readline()
        print(tomllib.load((f)))
    ratio = tomllib.load(open("a.toml", "rb"))["tool"]["ratio"]
    print(ratio)
    with open("bad.toml", "wb") as f:
        f.write(b"a = \n")
    print(await load("bad.toml"))
    with open("bad.toml", "wb") as f:
        f.write(b"a = '\xff'\n")
    print(await load("bad.toml"))
    with open("mail.txt", "w", newline="") as f:
        f.write("Subject: one\r\n two\nTo: a@b\n\nbody\r\nend\n")
    with open("mail.txt") as f:
        message = email.message_from_file(f)
    print(message.items(), repr(message.get_payload()))
    with open("mail.txt", newline="") as f:
        print(repr(email.message_from_file(f).as_string()))
    with open("mail.txt", "rb") as f:
        message = email.message_from_binary_file(f, policy=email.policy.default)
    print(message.items(), repr(message.get_content()))
    with open("a.bin", "wb") as f:
        marshal.dump({"a": (1, 2)}, f)
        marshal.dump([3], f, 2)
    with open("a.bin", "rb") as f:
        print(marshal.load(f))


asyncio.run(main())
