def _pairs(values):
    """What requests sends of a query or form, as text: nothing for None, and a pair for each element of a list."""
    if isinstance(values, (str, bytes)):
        return parse_qsl(values if isinstance(values, str) else values.decode(), keep_blank_values=True)
    pairs = []
    for key, value in values.items() if hasattr(values, "items") else values or ():
        items = [value] if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__") else value
        for item in items:
            if item is not None:
                pairs.append((str(key), item.decode() if isinstance(item, bytes) else str(item)))
    return pairs
