# case: unchanged
def main():
    with open("a", "w") as f:
        f.write("1\n2\n")
    with open("a") as f:
        try:
            for line in f:
                print(f.tell())
        except OSError as error:
            print("OSError", error)


main()
