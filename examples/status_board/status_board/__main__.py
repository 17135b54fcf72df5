"""The command: starts the demo services, and the board against them."""

import asyncio
import tempfile
from pathlib import Path

from status_board.board import run
from status_board.services import serve


def main() -> None:
    with serve() as base_url, tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(base_url, Path(folder)))


if __name__ == "__main__":
    main()
