"""Rounds of checks, and what is shown of them."""

import asyncio
import time
from pathlib import Path

from status_board import database, report
from status_board.checks import Check, check, is_known
from status_board.services import NAMES

ROUNDS = 3
PAUSE = 0.1


async def poll(base_url: str, round_number: int) -> list[Check]:
    """Looks at every service once."""
    return await asyncio.gather(*[check(base_url, name, round_number) for name in NAMES])


async def run(base_url: str, folder: Path) -> None:
    await database.create_tables()
    log_path = folder / "board.log"
    report_path = folder / "report.json"

    for round_number in range(1, ROUNDS + 1):
        if round_number > 1:
            time.sleep(PAUSE)
        checks = await poll(base_url, round_number)
        await database.save(round_number, checks)
        for result in checks:
            load = "" if result.load is None else f" ({result.load}%)"
            line = f"round {round_number}: {result.service} is {result.state}{load}"
            await report.log(log_path, line)
            print(line)

    await report.write_report(report_path, await database.uptime())
    for service, uptime in (await report.read_report(report_path)).items():
        print(f"{service}: up in {uptime} rounds")

    down, overloaded = await asyncio.gather(
        report.count_lines(log_path, " is down"),
        report.count_lines(log_path, " is overloaded"),
    )
    print(f"{down} times down, {overloaded} times overloaded")
    for name in ["search", "printing"]:
        print(f"{name}: {'known' if await is_known(base_url, name) else 'unknown'}")
    await database.engine.dispose()
