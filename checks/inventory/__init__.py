"""What a host has, as plain values: adapters, functions, VMs, networks, profiles, interconnects."""
