# case: args = --seed all --unsafe
# case: expect api.py = httpx.AsyncClient(
# case: expect test_api.py = assert await client.add(a=1) == 7
# case: expect test_api.py = async def test_patched(getcwd, client):
# case: reject test_api.py = responses.
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
