# case: expect = asyncio.run(
# case: expect src/depot/stock.py = async def count(
# case: expect src/depot/report.py = await stock.count(
# case: keep src/depot/__init__.py
import sys

sys.path.insert(0, "src")

from depot.report import report

if __name__ == "__main__":
    print(report(["nut", "bolt"]))
