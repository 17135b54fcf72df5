# case: args = --scope project --unsafe
# case: expect test_api.py = respx.route().mock(side_effect=httpx.ConnectError)
# case: expect test_api.py = respx.get("https://api.test/users/1")
# case: reject test_api.py = import requests
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
