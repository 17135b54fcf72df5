# case: unchanged
import asyncio
import csv
import fcntl
import io
import pickle
import shutil
import threading
import zipfile

lock = threading.Lock()


async def main():
    with open("a.csv", "w", newline="") as f:
        csv.writer(f).writerow([1, 2])
    buffer = io.StringIO()
    with open("a.csv") as f:
        shutil.copyfileobj(f, buffer)
    with open("b.csv", "w") as f:
        f.writelines(line for line in io.StringIO(buffer.getvalue()) if lock and f.fileno() and fcntl.flock(f.fileno(), fcntl.LOCK_SH) is None)
    with open("a.zip", "wb") as f, zipfile.ZipFile(f, "w") as archive:
        archive.write("a.csv")
    with lock:
        with open("b.csv") as f:
            print(f.read())
    with open("b.csv") as f:
        fcntl.flock(f.fileno(), fcntl.LOCK_SH)
        print(f.read())
    with open("a.csv") as f:
        try:
            for line in f:
                print(f.tell())
        except OSError as error:
            print(error)
    with open("b.csv", "rb") as f:
        try:
            print(pickle.load(f), pickle.load(f))
        except Exception as error:
            print(type(error).__name__)
    with open("b.csv") as f:
        print(lock and any("1" in line for line in f), f.read())


asyncio.run(main())
