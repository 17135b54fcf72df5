"""Runs tests of pytest and prints what became of each: for cases whose program is a set of tests."""
import sys

import pytest


class Outcomes:
    def __init__(self):
        self.lines = []

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            self.lines.append(f"{report.nodeid} {report.when} {report.outcome}")

    def pytest_collectreport(self, report):
        if report.failed:
            self.lines.append(f"{report.nodeid} {report.longrepr}")


def run(*arguments):
    outcomes = Outcomes()
    quiet = ["-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:unraisableexception"]
    code = pytest.main([*quiet, *arguments], plugins=[outcomes])
    for line in outcomes.lines:
        print(line.replace("[asyncio]", ""))
    print(int(code))
    sys.stdout.flush()
