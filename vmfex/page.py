"""Allure's page of the results that a run has made."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vmfex.folder.folder import Folder
from vmfex.folder.names import CERTIFICATE, HTML, RESULTS
from vmfex.progress import Progress, say

if TYPE_CHECKING:
    from vmfex.reports.allure.page import Shown


def render_page(folder: Folder, quiet: bool, title: str, hosts: Sequence["Shown"] = ()) -> str:
    """Renders the page beside the results, and returns where it will be. The verdicts stand without
    it: what is missing is only said, and the certificate returned."""
    from vmfex.reports.allure.page import Heading, render

    with Progress("rendering the report", quiet):
        error = render(folder.new / RESULTS, folder.new / HTML, Heading(title, hosts))
    if error:
        say(error)
    return str(folder.out / (CERTIFICATE if error else HTML))
