"""Small line charts side by side, as an SVG that needs nothing else."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 320, 240  # of one chart
LEFT, RIGHT, TOP, BOTTOM = 52, 24, 40, 48  # around what is plotted
STYLE = (
    "text{font:12px sans-serif;fill:#222}.title{font-weight:bold}.end{text-anchor:end}"
    ".middle{text-anchor:middle}.axis{stroke:#667}.grid{stroke:#ddd}"
    ".line{stroke:#0b5394;stroke-width:2;fill:none}.point{fill:#0b5394}"
)

Points = Mapping[int, float]  # seconds by number


def charts(measured: Mapping[str, Points], said: str) -> str:
    """One chart for each title, which also names what is counted, and a sentence below."""
    width = WIDTH * len(measured)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT + 24}" '
        f'viewBox="0 0 {width} {HEIGHT + 24}" role="img">',
        f"<title>{escape(said)}</title><style>{STYLE}</style>",
        f'<rect width="{width}" height="{HEIGHT + 24}" fill="#fff"/>',
    ]
    for place, (title, points) in enumerate(measured.items()):
        parts += [f'<g transform="translate({place * WIDTH} 0)">', *_chart(title, points), "</g>"]
    return "\n".join([*parts, _text(LEFT, HEIGHT + 12, said), "</svg>", ""])


def _chart(title: str, points: Points) -> Sequence[str]:
    step = _step(max(points.values()) / 4)
    most_x, most_y = max(points), step * 5
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    def x(number: float) -> float:
        return LEFT + number / most_x * (right - LEFT)

    def y(seconds: float) -> float:
        return bottom - seconds / most_y * (bottom - TOP)

    parts = [_text(LEFT, 20, title, "title")]
    for n in range(6):
        at = y(n * step)
        parts.append(f'<path class="grid" d="M{LEFT} {at:.1f}H{right}"/>')
        parts.append(_text(LEFT - 6, at + 4, f"{n * step:g} s", "end"))
    for number in (0, most_x / 2, most_x):
        parts.append(_text(x(number), bottom + 18, f"{number:g}", "middle"))
    parts.append(f'<path class="axis" d="M{LEFT} {bottom}H{right}M{LEFT} {TOP}V{bottom}"/>')
    way = " ".join(f"{x(number):.1f},{y(seconds):.1f}" for number, seconds in points.items())
    parts.append(f'<polyline class="line" points="{way}"/>')
    for number, seconds in points.items():
        parts.append(f'<circle class="point" cx="{x(number):.1f}" cy="{y(seconds):.1f}" r="3"/>')
    last = points[most_x]
    parts.append(_text(right, y(last) - 8, f"{last:.1f} s", "end"))
    return parts


def _step(rough: float) -> float:
    """The next of 1, 2, 5, 10, 20 and so on, in tenths too."""
    steps = (float(n * 10.0**e) for e in range(-2, 6) for n in (1, 2, 5))
    return next(step for step in steps if step >= rough)


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(text)}</text>'
