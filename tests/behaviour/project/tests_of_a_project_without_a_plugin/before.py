# case: args = --scope project --unsafe --make-async api:double
# case: expect test_api.py = @pytest.mark.asyncio
# case: expect test_api.py = @pytest_asyncio.fixture
# case: expect test_api.py = assert await api.double(3) == 6
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
