"""Allure's page of the results that a run left."""

from pathlib import Path

from vmfex.engine.output import HTML, RESULTS
from vmfex.progress import Progress, say


def render_page(directory: Path, quiet: bool, by_host: bool = False) -> str:
    """Renders the page and returns where it is. The verdicts stand without it: what is missing is
    only said, and the directory returned."""
    from vmfex.reports.allure.page import render

    with Progress("rendering the report", quiet):
        error = render(directory / RESULTS, directory / HTML, by_host)
    if error:
        say(error)
    return str(directory if error else directory / HTML)
