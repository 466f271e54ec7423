"""The lab: a real SR-IOV host in QEMU, to hold our verdicts against a real kernel and libvirt."""
