# case: expect tool.py = asyncio.run(
# case: expect tool.py = await asyncio.sleep(0.001)
# case: keep before.py
# case: keep setup.cfg
import configparser
import importlib
import sys

parser = configparser.ConfigParser()
parser.read("setup.cfg")
target = parser["options.entry_points"]["console_scripts"].split("=")[1]
module, _, name = target.strip().partition(":")
sys.exit(getattr(importlib.import_module(module), name)())
