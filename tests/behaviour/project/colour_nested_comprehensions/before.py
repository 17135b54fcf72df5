# case: args = --scope project --seed all --make-async before:f
def f(x): return x
def main(): print([[f(j) for j in range(i)] for i in range(3)])
main()
