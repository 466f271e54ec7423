"""What an extra of the package would give, said where it is wanted and is not installed."""

INSTALL = "install vmfex with its extra"


def wanted(without: str, extra: str) -> str:
    """The sentence, without its full stop: what cannot be, and the extra of pyproject.toml that
    gives it."""
    return f"{without}: {INSTALL} `{extra}`"
