# Which of two packages of one name a program beside both of them means, its search path says.
# case: args = --select sqlalchemy_to_async --seed sqlalchemy_to_async --unsafe
# case: unchanged
import os
import subprocess
import sys

for name in ("one", "two"):
    environment = {**os.environ, "PYTHONPATH": name}
    done = subprocess.run([sys.executable, "tools/report.py"], env=environment, capture_output=True, text=True)
    print(done.stdout, done.returncode)
