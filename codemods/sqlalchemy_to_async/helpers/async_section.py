def _async_section(section, prefix="sqlalchemy."):
    """The settings of an engine with an async driver in the place of a sync one."""
    drivers = {
        "sqlite": "sqlite+aiosqlite",
        "sqlite+pysqlite": "sqlite+aiosqlite",
        "postgresql": "postgresql+psycopg",
        "postgresql+psycopg2": "postgresql+psycopg",
        "mysql": "mysql+aiomysql",
        "mysql+mysqldb": "mysql+aiomysql",
        "mysql+pymysql": "mysql+aiomysql",
    }
    url = make_url(section[prefix + "url"])
    url = url.set(drivername=drivers.get(url.drivername, url.drivername))
    return {**section, prefix + "url": url}
