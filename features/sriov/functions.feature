@sriov
Feature: Physical and virtual functions
  A PF provides VFs; each VF serves one VM at a time.

  @SRV-01 @critical
  Rule: A PF that serves SR-IOV topologies has its VFs
    Source: Single Root I/O Virtualization, PF: "A single PF can provide management and …"
    Remedy: Bind a dynamic vNIC connection policy to the static vNIC in its service profile and restart the server; then bind the PF to enic.
    Evidence: sriov_totalvfs, sriov_numvfs and virtfn links of each PF
    Violation: A PF that is capable of 16 VFs and has none.

    Scenario: VFs of the PFs
      Given the PFs that are to serve SR-IOV topologies
      Then each has the SR-IOV capability, and its VFs exist

  @SRV-02 @critical
  Rule: Each VF in use derives from a PF of a VIC on this host
    Source: Single Root I/O Virtualization, VF: "A VF is not managed directly but …"
    Remedy: Point the interface at a VF that this host has. `virsh nodedev-list --cap vports` and /sys/class/net/PF/device/virtfn* list them.
    Evidence: physfn and virtfn links
    Violation: An interface on a VF whose physfn link leads nowhere.

    Scenario: PFs of the VFs
      Given the VM-FEX interfaces that use a VF
      Then each VF derives from a PF of a VIC on this host

  @SRV-03 @normal
  Rule: VFs per PF stay within what the host's Netlink carries
    Source: SR-IOV with MacVTap Passthrough: "The number of VFs that you can …"
    Remedy: Lower the number of VFs per PF, or spread them over more PFs. Where nothing is measured, start one VM and measure.
    Evidence: sysfs, RTM_GETLINK reply of each PF, kernel and its changelog, libvirt version
    Violation: A PF of which the kernel cannot tell, as its answer is too long (EMSGSIZE), or more VFs than the limit that was measured.

    Scenario: VFs of each PF
      Given the PFs that have VFs
      Then the VFs of each stay within what the host's Netlink carries
        | carried by                      | VFs per PF |
        | every OS version                | 22         |
        | some OS versions, by measuring  | 32         |

  @SRV-04 @critical
  Rule: A VF belongs to one VM at a time
    Source: Single Root I/O Virtualization: "One or more VFs can …"
    Remedy: Give each VM a VF of its own, or let libvirt choose one from a network's pool.
    Evidence: libvirt domains and networks, PCI functions
    Violation: Two VMs whose definitions name the same VF, or one that names a VF that a network hands out to another.

    Scenario: VMs of each VF
      Given the VFs in use
      Then each belongs to one VM at a time

  @SRV-05 @normal
  Rule: There are VFs enough for the VM interfaces on SR-IOV topologies
    Source: SR-IOV with MacVTap Passthrough: "The maximum number of supported VMs is …"
    Remedy: Raise the number in the dynamic vNIC connection policy, or move VMs to another host.
    Evidence: libvirt domains, the plan, PCI functions
    Violation: A plan for 10 VM interfaces on a host with 8 VFs.

    Scenario: VFs and VM interfaces
      Given the SR-IOV topologies that the host is meant for
      Then the VFs of the VICs are at least as many as their VM interfaces

  @SRV-06 @critical @derived
  Rule: The PF of a VF under macvtap is up
    Source: libvirt 11.3.0, src/util/virnetdevmacvlan.c ("because the PF is not online")
    Remedy: Bring the PF up (`ip link set PF up`, ONBOOT=yes): libvirt refuses to configure a VF through a PF that is down.
    Evidence: link flags
    Violation: A VM on macvtap on a VF of eth0, which is down.

    Scenario: Links of the PFs
      Given the PFs of the VFs under macvtap
      Then each is up

  @SRV-07 @critical @derived
  Rule: The VFs that VM-FEX uses or needs are VM-FEX VFs
    Source: Linux drivers/net/ethernet/cisco/enic; DPDK 24.11, doc/guides/nics/enic.rst
    Remedy: Replace the SR-IOV HPN policy in the service profile by a dynamic vNIC connection policy: 1137:02b7 is switched in the VIC and is not VM-FEX.
    Evidence: PCI ids, libvirt domains and networks, the plan
    Violation: A VM on a VF with the ids 1137:02b7.

    Scenario: Kind of the VFs
      Given the VFs of the VICs
      Then those that VM-FEX uses or needs are VM-FEX VFs

  @SRV-08 @critical @derived
  Rule: A libvirt network has a VF for each interface that can be on it at once
    Source: libvirt 9.0.0, src/network/bridge_driver.c ("requires exclusive access to interfaces, but none are available")
    Remedy: Add VFs to the network's list (`virsh net-edit NETWORK`), or take VM interfaces off it: libvirt refuses to start the one too many.
    Evidence: libvirt networks and domains, PCI functions, links
    Violation: A network with one VF for a VM with two interfaces on it.

    Scenario: VFs of the networks
      Given the libvirt networks that give VM-FEX interfaces a device of their own
      Then each has a VF for every interface that can be on it at once
