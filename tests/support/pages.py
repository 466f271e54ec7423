"""Pages as their readers see them: elements of HTML, and their words."""

from lxml import etree


def tree_of(page: str) -> etree._Element:
    return etree.HTML(page)


def element(page: str, tag: str, name: str, value: str) -> etree._Element:
    """The only one of that tag and attribute."""
    [found] = [each for each in tree_of(page).iter(tag) if each.get(name) == value]
    return found


def words(part: etree._Element) -> str:
    """All of its text, each blank once."""
    return " ".join(" ".join(map(str, part.itertext())).split())


def rows_of(table: etree._Element) -> list[list[str]]:
    """The cells of each row that is not hidden."""
    return [[words(cell) for cell in row] for row in table.iter("tr") if row.get("hidden") is None]
