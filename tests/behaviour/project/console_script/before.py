# case: expect tool/cli.py = asyncio.run(
# case: expect tool/work.py = async def work(
# case: expect tool/work.py = await asyncio.sleep(0.001)
# case: keep before.py
# case: keep pyproject.toml
# Starts the entry point as an installed script does: by the string in pyproject.toml.
import importlib
import linecache
import sys
import tomllib

settings = tomllib.loads("".join(linecache.getlines("pyproject.toml")))
module, _, name = settings["project"]["scripts"]["tool"].partition(":")
sys.exit(getattr(importlib.import_module(module), name)())
