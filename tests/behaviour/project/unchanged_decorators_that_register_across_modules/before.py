# case: unchanged
# One command has nothing to await, and stands in a file that names none of the others.
import jobs
import more
import plain
import registry


def main():
    print(registry.run("ping", 1), registry.run("pong", 2), jobs.ping(3), more.pong(4))
    print(registry.names(), plain.add(1), registry.run("add", 2))


if __name__ == "__main__":
    main()
