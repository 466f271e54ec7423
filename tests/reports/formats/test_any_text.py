"""Whatever a host says, what is made of it is valid by the official schemas."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft4Validator, Draft7Validator

from tests.reports.formats.test_oscal import VALIDATOR
from tests.support.formats import CONTEXT, hostile, schema
from vmfex.reports.formats import module_of

VALIDATORS: dict[str, Any] = {
    "cucumber": Draft7Validator(schema("cucumber-jvm")),
    "sarif": Draft4Validator(schema("sarif-2.1.0")),
    "hdf": Draft7Validator(schema("hdf-exec-json")),
    "oscal": VALIDATOR,
}


@pytest.mark.parametrize("name", VALIDATORS)
@settings(max_examples=25)
@given(text=st.text() | st.text(alphabet=" \t\n\r\x0b\x85\u2028\u3000\ufeff\ud800"))
def test_it_is_valid(name: str, text: str) -> None:
    """Blanks of every kind, surrogates, and nothing at all."""
    made = module_of(name).render([hostile(text or "-")], CONTEXT)
    for document in made.values() if isinstance(made, dict) else [made]:
        assert document.isascii()
        VALIDATORS[name].validate(json.loads(document))
