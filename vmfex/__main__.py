"""`python -m vmfex`: the command line."""

from vmfex.cli import main

main()
