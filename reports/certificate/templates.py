"""The pages' templates, with what they do to a text of a host."""

import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from vmfex.checks.text import harmless, shorten
from vmfex.reports.certificate.drawing import Box
from vmfex.reports.times import moment

FOLDER = Path(__file__).parent
MOST_TEXT = 600  # characters of what a finding says
SIGNS = {"violated": "✖ ", "undetermined": "? ", "waived": "✎ ", "advice": "! ", "": ""}
SHORT = 12  # of a digest's 64 digits, enough to tell rule sets apart; the whole stands further down


@cache
def environment() -> Environment:
    """Whatever a template is given is escaped, and a name that it is not given is an error."""
    environment = Environment(
        loader=FileSystemLoader([FOLDER, FOLDER.parent / "comparison"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_Compiled(),
    )
    environment.filters |= {"told": told, "harmless": harmless, "moment": moment, "short": short}
    environment.filters["box"] = box
    return environment


class _Compiled(BytecodeCache):
    """Compiled templates stay where Python keeps its own compiled files, and as it does that:
    where nothing can be written, each run compiles them anew, which takes 0.06 s."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Jinja's own is SHA-1, which a machine in FIPS mode refuses."""
        return sha256(f"{name}|{filename}".encode()).hexdigest()

    def get_source_checksum(self, source: str) -> str:
        """For the same reason."""
        return sha256(source.encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError), _place(bucket).open("rb") as stream:
            bucket.load_bytecode(stream)

    def dump_bytecode(self, bucket: Bucket) -> None:
        from vmfex.reports.record import write_whole

        place = _place(bucket)
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                place.parent.mkdir(parents=True, exist_ok=True)
                write_whole(place, bucket.bytecode_to_string())


def _place(bucket: Bucket) -> Path:
    return Path(cache_from_source(str(FOLDER / f"template-{bucket.key}.py")))


def told(text: str) -> str:
    """What comes from a host, so that it cannot steer a reader, and not too long."""
    return shorten(harmless(text), MOST_TEXT)


def short(digest: str) -> str:
    """The beginning of a digest, with what comes before the colon taken off."""
    return digest.rpartition(":")[2][:SHORT]


def box(box: Box) -> Markup:
    """A box as SVG. A template takes three times as long, and a host has dozens of them."""
    whole, title, detail = (escape(told(text)) for text in (box.whole, box.title, box.detail))
    return Markup(
        f'<g class="box {box.mark}"><title>{whole}</title>'
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="4"/>'
        f'<text x="{box.x + 7}" y="{box.y + 15}">{SIGNS[box.mark]}{title}</text>'
        f'<text class="detail" x="{box.x + 7}" y="{box.y + 29}">{detail}</text></g>'
    )
