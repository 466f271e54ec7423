"""Where hosts come from: sources, the trees of evidence that they are, parsers to facts."""
