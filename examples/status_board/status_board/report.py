"""The report on disk, and the log beside it."""

import json
from pathlib import Path


async def write_report(path: Path, uptime: dict[str, str]) -> None:
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"uptime": uptime}, file, indent=2)


async def read_report(path: Path) -> dict[str, str]:
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    return report["uptime"]


async def log(path: Path, line: str) -> None:
    with open(path, "a", encoding="utf-8") as file:
        file.write(f"{line}\n")


async def count_lines(path: Path, word: str) -> int:
    """How many lines of the log hold a word."""
    found = 0
    with open(path, encoding="utf-8") as file:
        for line in file:
            if word in line:
                found += 1
    return found
