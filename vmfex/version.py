"""The program's version: here and nowhere else, so that showing it searches no metadata."""

VERSION = "0.2.0"
