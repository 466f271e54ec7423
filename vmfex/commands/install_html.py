"""`vmfex install-html`: what `certify --html` runs, and no package of Python's."""

import click

EPILOG = """\
\b
Example:
  vmfex install-html && vmfex certify reference --html
"""


@click.command("install-html", epilog=EPILOG, short_help="Install what `certify --html` runs.")
def install_html() -> None:
    """Install the generator of Allure's page, which `certify --html` runs: npm packages, each by
    its digest, from the registry that npm is configured for. It needs the extra `html`."""
    from vmfex.errors import UsageError
    from vmfex.progress import Progress
    from vmfex.reports.allure.installing import install
    from vmfex.reports.allure.node import NoReport

    try:
        with Progress("installing the generator of Allure's page", quiet=False):
            folder = install()
    except NoReport as reason:
        raise UsageError(str(reason)) from None
    click.echo(f"installed in {folder}")
