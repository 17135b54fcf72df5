# case: expect = await self.client.get(
# case: expect = await self.session.client.get(
# case: expect = await session.load(
from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass
class Client:
    name: str

    def get(self, key: str) -> str:
        time.sleep(0.001)
        return f"{self.name} {key}"


@dataclass
class Session:
    client: Client
    log: list[str] = field(default_factory=list)

    def load(self, key: str) -> str:
        self.log.append(key)
        return self.client.get(key)


@dataclass(frozen=True)
class Job:
    session: Session

    def run(self) -> str:
        return self.session.client.get("job")


def main() -> None:
    session = Session(Client("c"))
    print(session.load("a"), session.load("b"), session.log, Job(session).run())
    print(session)


if __name__ == "__main__":
    main()
