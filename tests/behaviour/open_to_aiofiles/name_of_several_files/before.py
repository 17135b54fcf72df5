# case: args = --seed all
# case: reject =  with open(
def main():
    with open("a", "w", encoding="utf-16", newline="\r\n") as f:
        f.write("a\nb\n")
    with open("a", "rb") as f:
        print(f.read())
    with open("a", encoding="utf-16", newline="") as f:
        print(f.readlines(), f.encoding, f.errors)
    with open("a", encoding="utf-16") as f:
        print(f.readlines(), f.newlines)
    with open("a", encoding="ascii", errors="replace") as f:
        print(ascii(f.read()))
    try:
        with open("a", encoding="ascii") as f:
            f.read()
    except UnicodeDecodeError as e:
        print(e.reason, f.closed)
main()
