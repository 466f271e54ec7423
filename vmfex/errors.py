"""What can go wrong for a user of the program or of its Python API."""


class VmfexError(Exception):
    """Every error of ours that reaches a user; the message is one sentence."""


class UsageError(VmfexError):
    """What the user asked for cannot be done: host, plan, option, rule or file (exit status 4)."""


class InternalError(VmfexError):
    """A rule could not be judged for a fault of the program: nothing is certified by the run."""


class ClusterLost(VmfexError):
    """The machines that judge cannot be asked any more, or not be believed: the run ends, and what
    is finished is kept for `--resume`."""
