"""Definitions as people write them before libvirt has seen them: no UUID, no addresses."""

QBH = "<virtualport type='802.1Qbh'><parameters profileid='{}'/></virtualport>"


def port(profile: str = "web") -> str:
    return QBH.format(profile)


def direct(inside: str = "", dev: str = "eth2", mode: str = "passthrough") -> str:
    """An interface on macvtap, with a virtual port unless `inside` has one."""
    own = inside if "<virtualport" in inside else inside + port()
    own = own if "<model" in own else f"{own}<model type='virtio'/>"
    return f"<interface type='direct'><source dev='{dev}' mode='{mode}'/>{own}</interface>"


def on_network(name: str = "vmfex", inside: str = "") -> str:
    source = f"<source network='{name}'/>"
    return f"<interface type='network'>{source}{inside}<model type='virtio'/></interface>"


def hostdev(inside: str = "", function: int = 1) -> str:
    address = f"<address type='pci' bus='6' slot='0' function='{function}'/>"
    source = f"<source>{address}</source>"
    return f"<interface type='hostdev' managed='yes'>{source}{port()}{inside}</interface>"


def domain(*interfaces: str, name: str = "web01", more: str = "") -> str:
    """Line 1 is the domain, the first interface is on line 4, each other one on the next."""
    lines = "\n".join(interfaces)
    devices = f"<devices>\n{lines}\n{more}</devices>"
    return f"<domain type='kvm'>\n<name>{name}</name>\n{devices}</domain>\n"


def network(
    name: str = "vmfex", forward: str = "passthrough", devs: int = 4, inside: str = port()
) -> str:
    pool = "".join(f"<interface dev='eth{number}'/>" for number in range(2, 2 + devs))
    return (
        f"<network>\n<name>{name}</name>\n<forward mode='{forward}'>{pool}</forward>\n{inside}\n"
        "</network>\n"
    )
