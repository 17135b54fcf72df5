# case: args = --scope project --seed all --make-async before:main.body
def main():
    out = []
    for i in range(3):
        def body(): return i
        out.append(body())
    print(out)
main()
