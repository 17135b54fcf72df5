# case: args = --scope project --seed all --make-async before:load
# case: unchanged
def load(): return {"a": 1}
CONFIG = load()
class Settings:
    data = load()
def get(d=load()): return d
print(CONFIG, Settings.data, get())
