"""A pytest plugin for `run.py`: what became of every test, and where the packages under test came from.

Writes JSON to the file that `AWAITIFY_PROBE` names: `outcomes` (test id to `passed`, `failed`, `error`, `skipped`,
`xfailed` or `xpassed`), `reasons` (test id to the last line of what went wrong), `modules` (each name in
`AWAITIFY_PROBE_MODULES` to the file it was imported from), `exit` (pytest's exit code) and `online` (the tests that tried
to reach another machine, which `AWAITIFY_PROBE_OFFLINE` forbids: a double that went stale shows there, even where the code
under test swallows the error).
"""
import json
import os
import socket
import sys

OUTCOMES = {}
REASONS = {}
ONLINE = []
HERE = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "", None)


def forbid(host):
    if isinstance(host, bytes):
        host = host.decode()
    if host not in HERE:
        ONLINE.append(os.environ.get("PYTEST_CURRENT_TEST", "").rsplit(" (", 1)[0])
        raise OSError(f"the tests run offline: {host}")


def pytest_configure(config):
    if not os.environ.get("AWAITIFY_PROBE_OFFLINE"):
        return
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def offline_connect(self, address):
        if isinstance(address, tuple):
            forbid(address[0])
        return connect(self, address)

    def offline_resolve(host, *args, **kwargs):
        forbid(host)
        return resolve(host, *args, **kwargs)

    socket.socket.connect = offline_connect
    socket.getaddrinfo = offline_resolve


def pytest_runtest_logreport(report):
    name = report.nodeid
    if report.when == "call":
        outcome = report.outcome
        if hasattr(report, "wasxfail"):
            outcome = {"skipped": "xfailed", "passed": "xpassed"}.get(outcome, outcome)
        # A test may report more than once (subtests): one failure is a failure.
        if OUTCOMES.get(name) not in ("failed", "error"):
            OUTCOMES[name] = outcome
    elif report.outcome == "skipped":
        OUTCOMES[name] = "xfailed" if hasattr(report, "wasxfail") else "skipped"
    elif report.outcome == "failed":
        # Clean-up that fails turns a passed test into an error.
        if OUTCOMES.get(name) != "failed":
            OUTCOMES[name] = "error"
    if report.outcome == "failed":
        crash = getattr(getattr(report.longrepr, "reprcrash", None), "message", None)
        REASONS[name] = f"{report.when}: {crash or report.longreprtext}"[:1500]


def pytest_collectreport(report):
    if report.outcome == "failed":
        name = report.nodeid or "collection"
        OUTCOMES[name] = "error"
        REASONS[name] = f"collection: {str(report.longrepr)[-1500:]}"


def pytest_sessionfinish(session, exitstatus):
    modules = {}
    for name in os.environ.get("AWAITIFY_PROBE_MODULES", "").split(","):
        modules[name] = getattr(sys.modules.get(name), "__file__", None)
    with open(os.environ["AWAITIFY_PROBE"], "w", encoding="utf-8") as file:
        json.dump(
            {
                "outcomes": OUTCOMES,
                "reasons": REASONS,
                "modules": modules,
                "exit": int(exitstatus),
                "online": sorted(set(ONLINE)),
            },
            file,
            indent=1,
        )
