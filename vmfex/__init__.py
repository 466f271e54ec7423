"""The front door: command line, plan, and running the rules on a host."""


class UsageError(Exception):
    """What the user asked for cannot be done; the message is one sentence (exit status 4)."""


def version() -> str:
    """The version of the installed program."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("vmfex")
    except PackageNotFoundError:
        return "0+not.installed"
