"""`vmfex steps`: the words that a rule can be written in."""

import inspect

import click

STEPS_EPILOG = """\
\b
Examples:
  vmfex steps
  vmfex steps | grep ^Given
  vmfex steps | grep --after-context=1 "VFs"

A {word} stands for a value. A scenario has Givens, which select, and then one Then, which judges
each thing that was selected (CONTRIBUTING.md, "Add a rule").
"""


@click.command(epilog=STEPS_EPILOG, short_help="List the steps that rules are written in.")
def steps() -> None:
    """List the steps that rules are written in: what a Given selects, what a Then judges.

    "(table)" marks a step that needs a table below it. Where the words of a step do not say it
    all, the line below it does.
    """
    from vmfex.steps.vocabulary import MODULES, StepDefinition, vocabulary

    def place(step: StepDefinition) -> tuple[bool, int]:
        module = step.function.__module__.rpartition(".")[2]
        return step.kind != "given", MODULES.index(module)

    for step in sorted(vocabulary(), key=place):
        click.echo(f"{step.kind.capitalize()} {step.pattern}{' (table)' * step.takes_table}")
        if meaning := inspect.getdoc(step.function):
            click.echo(f"    {meaning}")
