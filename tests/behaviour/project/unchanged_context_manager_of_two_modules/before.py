# case: unchanged
import res

try:
    from res import Lease
except ImportError:
    from other import Lease


def main():
    with Lease("either"):
        raise KeyError
    with res.Lease("own"):
        raise KeyError


if __name__ == "__main__":
    main()
