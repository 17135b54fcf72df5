# case: args = --seed all
# case: expect = io.StringIO
import csv
def main():
    with open("a.csv", "w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["n", "t"])
        w.writerows([[1, 'q"uote'], [2, "multi\r\nline\u2028x"]])
    with open("a.csv", newline="") as f:
        for row in csv.reader(f):
            print(row)
    with open("a.csv", newline="") as f:
        print(list(csv.DictReader(f)))
main()
