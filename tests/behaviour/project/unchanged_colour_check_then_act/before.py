# case: args = --scope project --seed all --make-async before:load
# case: unchanged
cache = {}
calls = []
def load(k): calls.append(k); return k * 2
def get(k):
    if k not in cache: cache[k] = load(k)
    return cache[k]
print([get(1) for _ in range(3)], calls)
