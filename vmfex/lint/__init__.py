"""libvirt's XML judged before it is defined, by the rules of hosts."""
