# case: expect jobs/nightly.py = def run(day):
# case: expect jobs/nightly.py = return asyncio.run(_run(day))
# case: expect jobs/nightly.py = async def load(
# case: keep before.py
# A scheduler of another project calls `run`: the settings say so.
import importlib

run = getattr(importlib.import_module("jobs.nightly"), "run")
print(run("mon"))
print(run(day="tue"))
