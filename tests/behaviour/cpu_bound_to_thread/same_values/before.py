# case: args = --select cpu_bound_to_thread --unsafe --scope function
# case: expect = await asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", b"secret", b"salt", 1000)
import asyncio
import bz2
import gzip
import hashlib
import lzma
import zlib


async def main(data):
    print(hashlib.pbkdf2_hmac("sha256", b"secret", b"salt", 1000).hex())
    print(hashlib.scrypt(b"secret", salt=b"salt", n=16, r=8, p=1).hex())
    for module in (gzip, bz2):
        print(module.decompress(module.compress(data)) == data)
    print(len(zlib.compress(data)), lzma.decompress(lzma.compress(data)) == data)
    print(len(gzip.decompress(gzip.compress(data))), len(bz2.compress(data)))
    try:
        zlib.decompress(b"nothing")
    except zlib.error:
        print("error")


asyncio.run(main(b"text" * 1000))
