"""Writes fixtures/hosts anew: `python -m tests.support.construct`."""

from tests.support.construct.hosts import HOSTS, make
from vmfex.evidence.embedded import embedded_file

for name in HOSTS:
    file = embedded_file(name)
    file.unlink(missing_ok=True)
    make(name).write_tar(file)
    print(file)
