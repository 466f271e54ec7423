"""A comparison as one HTML page, which loads nothing and runs nothing."""

from vmfex.reports.certificate.templates import environment
from vmfex.reports.comparison.compare import Trend
from vmfex.reports.comparison.hosts import Compared
from vmfex.reports.comparison.text import COUNTED, HEADINGS, WORDS, beside
from vmfex.reports.view import purpose

BANNERS = {Trend.WORSE: "bad", Trend.BETTER: "good", Trend.NEITHER: "open"}
SYMBOLS = {Trend.WORSE: "▼", Trend.BETTER: "▲", Trend.NEITHER: "="}  # readable without colour


def render(compared: Compared) -> str:
    """The whole page."""
    return (
        environment()
        .get_template("comparison.html.j2")
        .render(
            compared=compared,
            banner=BANNERS[compared.trend],
            words=WORDS,
            headings=HEADINGS,
            counted=COUNTED,
            symbols=SYMBOLS,
            gone=beside(compared),
            purpose=purpose,
        )
    )
