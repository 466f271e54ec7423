@topology
Feature: libvirt networks of VMs on VM-FEX
  A VM-FEX interface may get its device from a libvirt network's pool. libvirt starts no VM on a network that is not active.

  @TOP-06 @critical @derived
  Rule: The libvirt network that an interface is connected to is active
    Source: libvirt, src/network/bridge_driver.c (networkAllocatePort): "network ... is not active" (docs/sources.md, 4)
    Remedy: `virsh net-start` the network.
    Evidence: libvirt domains and networks, the networks' states
    Violation: A VM on a pool that somebody has stopped.

    Scenario: Networks are active
      Given the libvirt networks that VM-FEX interfaces are connected to
      Then each is active

  @TOP-07 @normal @derived
  Rule: The libvirt network that an interface is connected to starts with the host
    Source: libvirt, virNetworkSetAutostart: only a network that is marked so starts with libvirtd (docs/sources.md, 4)
    Remedy: `virsh net-autostart` the network.
    Evidence: libvirt domains and networks, the networks' states
    Violation: A VM on a pool that is active, and will not be after the host's next start.

    Scenario: Networks start with the host
      Given the libvirt networks that VM-FEX interfaces are connected to
      Then each starts with the host
