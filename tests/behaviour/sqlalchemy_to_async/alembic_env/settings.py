"""Names that begin like the name of a module import nothing."""

options = dict(path=".env", env_file_encoding="utf-8", env=None)
