# case: args = --seed all --unsafe
# case: expect api.py = httpx.AsyncClient(
# case: expect test_api.py = @respx.mock
# case: expect test_api.py = async def test_user(api):
# case: expect test_api.py = with respx.mock() as rsps:
# case: expect test_cases.py = unittest.IsolatedAsyncioTestCase
# case: reject test_api.py = responses.
# case: reject test_cases.py = responses.
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
