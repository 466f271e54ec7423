"""Where the rules stand in the feature files."""

from vmfex.engine.catalogue import documents, id_of, rule_nodes
from vmfex.engine.rule_places import rule_places


def test_each_rule_is_where_the_parser_finds_it() -> None:
    """The light search for `Rule:` and Gherkin's own parser agree."""
    parsed = {
        id_of(node): (path.name, node["location"]["line"])
        for path, feature in documents()
        for node in rule_nodes(feature)
    }
    found = {id_: (place.file.split("/")[-1], place.line) for id_, place in rule_places().items()}
    assert found == parsed
    assert all(place.file.startswith("features/") for place in rule_places().values())
