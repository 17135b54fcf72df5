# case: args = --seed all
# case: expect = await asyncio.to_thread(os.fsync, f.fileno())
import os
def main():
    with open("a", "ab") as f:
        f.write(b"1"); f.flush(); os.fsync(f.fileno())
        print(os.fstat(f.fileno()).st_size)
main()
