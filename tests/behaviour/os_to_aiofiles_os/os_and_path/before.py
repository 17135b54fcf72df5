# case: args = --seed all
# case: expect = await aiofiles.os.path.exists
import os
def main():
    os.makedirs("d/e", exist_ok=True)
    with open("d/a", "w") as f: f.write("123")
    print(os.path.exists("d/a"), os.path.isfile("d"), os.path.getsize("d/a"), os.stat("d/a").st_size)
    os.rename("d/a", "d/b"); os.replace("d/b", "d/c")
    print(sorted(os.listdir("d")), os.path.join("d", "c"), os.path.isdir("d"))
    os.remove("d/c"); os.rmdir("d/e")
    if not os.path.exists("d/c"): print("gone")
    try: os.stat("nope")
    except FileNotFoundError as e: print(e.filename)
main()
