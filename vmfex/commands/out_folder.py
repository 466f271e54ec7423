"""`--out`: a folder that has a name."""

import os
from typing import Any

import click


class OutFolder(click.Path):
    """A path. An empty one, as from a variable of a script that is not set, would be the current
    folder, and is refused."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        from vmfex.errors import UsageError

        if not os.fspath(value):
            raise UsageError("the folder for the reports (--out) has no name: give one")
        return super().convert(value, param, ctx)
