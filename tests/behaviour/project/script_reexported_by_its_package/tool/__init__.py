from .impl import start as main
