"""User and password as the environment has them, which no program that is started may have."""

from collections.abc import Mapping, MutableMapping

USER, PASSWORD = "VMFEX_UCSM_USER", "VMFEX_UCSM_PASSWORD"


def take_credentials(environment: MutableMapping[str, str]) -> dict[str, str]:
    """Both, which are not in the environment any more."""
    return {name: environment.pop(name) for name in (USER, PASSWORD) if name in environment}


def without_credentials(environment: Mapping[str, str]) -> dict[str, str]:
    """What a program that is started may know, whoever started this one."""
    return {name: value for name, value in environment.items() if name not in (USER, PASSWORD)}
