"""Who is Red Hat Enterprise Linux, and who only descends from it or is like it.

Names and ids: the distributions' own os-release files, as os-release(5) describes them.
"""

import re

RHEL = "Red Hat Enterprise Linux"
EDITIONS = re.compile(rf"{RHEL}( (Server|Workstation|Client|Desktop|ComputeNode|AS|ES|WS))?")
# Red Hat's own hypervisor images: their release number is RHEL's, or `(el7.3)` tells it
HYPERVISORS = re.compile(r"Red Hat (Enterprise Virtualization Hypervisor|Virtualization Host)")
RED_HAT_IDS = ("rhel", "rhcos", "rhevh", "rhev-hypervisor", "rhvh")
IMAGE_VARIANTS = ("coreos", "atomic.host")
BY_ID = {
    "almalinux": "AlmaLinux",
    "altlinux": "ALT Linux",
    "amzn": "Amazon Linux",
    "anolis": "Anolis OS",
    "asianux": "Asianux",
    "centos": "CentOS Linux",
    "circle": "Circle Linux",
    "cloudlinux": "CloudLinux",
    "debian": "Debian GNU/Linux",
    "eurolinux": "EuroLinux",
    "fedora": "Fedora",
    "miraclelinux": "MIRACLE LINUX",
    "navylinux": "Navy Linux",
    "ol": "Oracle Linux",
    "opencloudos": "OpenCloudOS",
    "openeuler": "openEuler",
    "rocky": "Rocky Linux",
    "scientific": "Scientific Linux",
    "scos": "CentOS Stream CoreOS",
    "sles": "SUSE Linux Enterprise Server",
    "springdale": "Springdale Linux",
    "tencentos": "TencentOS Server",
    "ubuntu": "Ubuntu",
    "virtuozzo": "Virtuozzo",
    "vzlinux": "VzLinux",
}
CALLED = {"CentOS": "CentOS Linux", "Oracle Linux Server": "Oracle Linux"}
BEGINNINGS = tuple({name.split()[0].casefold() for name in BY_ID.values()} | {"puias", "opensuse"})


def name_of(identity: str, name: str) -> str:
    """The distribution's name by its ID, which a NAME of the same kind says more exactly.

    >>> name_of("ol", "Red Hat Enterprise Linux"), name_of("centos", "CentOS Stream")
    ('Oracle Linux', 'CentOS Stream')
    """
    name, known = CALLED.get(name, name), BY_ID.get(identity)
    if known and name.partition(" ")[0].casefold() != known.partition(" ")[0].casefold():
        return known
    return identity if not name or name.startswith("Red Hat") else name


def names_other(text: str) -> bool:
    """Whether a text begins as one of the distributions that are not Red Hat's calls itself."""
    return text.strip().casefold().startswith(BEGINNINGS)
