"""Text from outside, as messages, reasons and reports show it."""

import re

# What CI systems take for a command in what a job prints: GitHub (::error::, at a line's start),
# Azure (##vso[, ##[error], anywhere), TeamCity (##teamcity[). Wrapped, any word begins a line.
_COMMAND = re.compile(
    r"#(?=#(?:vso|teamcity)?\[)|(?<![0-9A-Za-z]):(?=:[A-Za-z](?:[^\n:]|:(?!:))*::)", re.IGNORECASE
)
# Nothing is to be seen of these, and Python calls them printable: fillers, joiners and selectors
# (Default_Ignorable_Code_Point in Unicode's DerivedCoreProperties.txt), and Braille's blank.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
_LINK = re.compile(r"(https?://|ftp://|mailto:|www\.)(?=\S)", re.IGNORECASE)

_LINK_MARKS = ("://", "mailto:", "www.")  # few texts have one


def harmless(text: str) -> str:
    """`text` with all that could steer a terminal or hide in a line shown as an escape.

    Control characters, escape sequences, direction overrides, zero-width characters, surrogates and
    separators go; line feeds stay, tabs become a space. What is left is also legal in XML 1.0. What
    would be a command to a CI system that reads the output has its first character escaped.
    """
    if not text.replace("\n", "").isprintable():
        text = "\n".join(map(_harmless_line, text.split("\n")))
    if not text.isascii():
        text = _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)
    if "##" in text or "::" in text:
        text = _COMMAND.sub(_escaped, text)
    return text


def one_line(text: str) -> str:
    """Harmless text whose line feeds are escapes too, for what stands where a line has its form."""
    return harmless(text).replace("\n", "\\n")


def no_link(text: str) -> str:
    """Text in which Allure's page finds no address to make a link of: a blank parts it."""
    small = text.lower()
    return _LINK.sub(r"\1 ", text) if any(mark in small for mark in _LINK_MARKS) else text


def _escaped(found: re.Match[str]) -> str:
    return f"\\x{ord(found[0]):02x}"


def _harmless_line(line: str) -> str:
    return line if line.isprintable() else "".join(map(_harmless_character, line))


def _harmless_character(character: str) -> str:
    if character == "\t":
        return " "
    return character if character.isprintable() else ascii(character)[1:-1]


def shown(text: str, limit: int = 80) -> str:
    """A name or a word from outside as a sentence quotes it: on one line, escaped, not long."""
    return ascii(text) if len(text) <= limit else f"{text[:limit]!a}..."


def shown_path(path: object) -> str:
    """A path that a user gave, as `shown`; longer, since its end says which file it is."""
    return shown(str(path), 500)


def encodable(text: str) -> str:
    """Text with lone surrogates escaped, so that every report can write it as UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def shorten(text: str, limit: int, where: str = "in the record") -> str:
    """At most `limit` characters of `text`, and a note of how many are missing, and where they are.
    Text of several lines ends with a whole one, if that leaves enough of it, and no XML element is
    cut in two."""
    if len(text) <= limit:
        return text
    line_end = text.rfind("\n", limit // 2, limit + 1)
    element = text.rfind("<", limit // 2, limit)
    kept = limit if line_end < 0 else line_end
    if line_end < 0 <= element and ">" not in text[element:limit]:
        kept = element
    parted = " " if line_end < 0 else "\n"
    return f"{text[:kept].rstrip()}{parted}... ({len(text) - kept} more characters {where})"
