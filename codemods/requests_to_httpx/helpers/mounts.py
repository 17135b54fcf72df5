def _mounts(proxies, verify=True):
    """The transports for `proxies` as requests takes them: by scheme, or by scheme and host."""
    mounts = {}
    for key, proxy in (proxies or {}).items():
        pattern = key if "://" in key else f"{key}://"
        url = proxy if not proxy or "://" in proxy else f"http://{proxy}"
        mounts[pattern.lower()] = httpx.AsyncHTTPTransport(verify=verify, proxy=url) if url else None
    return mounts
