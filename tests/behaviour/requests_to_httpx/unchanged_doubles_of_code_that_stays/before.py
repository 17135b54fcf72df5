# case: args = --select requests_to_httpx --unsafe
# case: unchanged
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).parent
ran = subprocess.run(
    [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(here)],
    capture_output=True,
    text=True,
    cwd=here,
)
last = ran.stdout.strip().splitlines()[-1]
print(last.split(" in ")[0].strip("= "))
if ran.returncode:
    print(ran.stdout)
