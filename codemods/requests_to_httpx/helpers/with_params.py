def _with_params(url, params):
    """The URL with a query added to its own, as requests does it; httpx replaces the query of the URL."""
    if isinstance(params, (str, bytes)):
        query = params if isinstance(params, str) else params.decode()
    else:
        pairs = []
        for key, values in params.items() if hasattr(params, "items") else params or ():
            if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
                values = [values]
            pairs += [(key, value) for value in values if value is not None]
        query = urlencode(pairs, doseq=True)
    base, hash_, fragment = str(url).partition("#")
    if base.endswith("?") and base.count("?") == 1:
        base = base[:-1]
    if query:
        base += ("&" if "?" in base else "?") + query
    return base + hash_ + fragment
