"""Prints the blocks of the Jenkinsfile on standard input as JSON: names, and what is in each.
Raises what the parser of Groovy raises.
"""

import json
import sys
from typing import Any

from groovy_parser.parser import digest_lark_tree, parse_groovy_content


def blocks(node: Any) -> dict[str, Any]:
    """What is called in a part of the tree, with what is called in its block."""
    found: dict[str, Any] = {}
    for child in node.get("children", ()):
        if "command_expression" in child.get("rule", ()):
            name, *arguments = child["children"]
            found[first_leaf(name)] = {k: v for a in arguments for k, v in blocks(a).items()}
        else:
            found |= blocks(child)
    return found


def first_leaf(node: Any) -> str:
    return str(node["value"]) if "leaf" in node else first_leaf(node["children"][0])


def main() -> None:
    """Of the whole file."""
    tree = digest_lark_tree(parse_groovy_content(sys.stdin.read()))
    print(json.dumps(blocks({"children": [tree]})))


if __name__ == "__main__":
    main()
