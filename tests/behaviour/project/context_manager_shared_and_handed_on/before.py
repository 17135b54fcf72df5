# case: expect = async with shared:
# case: expect = async with res.shared as s:
# case: expect = async with Lease.made("b") as made:
# case: expect use.py = async def swallow(lease: Lease):
# case: expect use.py = async with lease as held:
# case: expect res.py = async def __aenter__(self) -> "Lease":
# case: reject res.py = def __exit__
import res
from res import Lease, shared
from use import swallow


def main():
    with shared:
        print("a")
    with res.shared as s:
        print("b", s is shared)
        raise KeyError
    swallow(Lease("lent"))
    with Lease.made("b") as made:
        print(isinstance(made, Lease), f"{made}", made is None)
    lease = Lease("c") if made else Lease("d")
    with lease, lease.again():
        print("both")


if __name__ == "__main__":
    main()
