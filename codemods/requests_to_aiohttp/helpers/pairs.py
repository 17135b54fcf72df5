def _pairs(values):
    """What requests sends of a query or form, as text: nothing for None, and a pair for each element of a list."""
    pairs = []
    for key, value in values.items() if hasattr(values, "items") else values or ():
        for item in [value] if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__") else value:
            if item is not None:
                pairs.append((str(key), item.decode() if isinstance(item, bytes) else str(item)))
    return pairs
