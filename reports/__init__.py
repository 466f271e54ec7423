"""The formats: each module here is a pure view of one certification record."""


class ReportError(Exception):
    """A record cannot be used; the message is one sentence for the user."""
