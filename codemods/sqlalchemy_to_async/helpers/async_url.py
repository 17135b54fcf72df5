def _async_url(url):
    """The URL with an async driver in the place of a sync one."""
    drivers = {
        "sqlite": "sqlite+aiosqlite",
        "sqlite+pysqlite": "sqlite+aiosqlite",
        "postgresql": "postgresql+psycopg",
        "postgresql+psycopg2": "postgresql+psycopg",
        "mysql": "mysql+aiomysql",
        "mysql+mysqldb": "mysql+aiomysql",
        "mysql+pymysql": "mysql+aiomysql",
    }
    url = make_url(url)
    return url.set(drivername=drivers.get(url.drivername, url.drivername))
