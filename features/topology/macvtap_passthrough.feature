@topology
Feature: SR-IOV with MacVTap passthrough (emulation mode)
  Each VM's VirtIO interface is connected to a VF of an SR-IOV-capable VIC by a macvtap link.

  @EMU-01 @critical
  Rule: The macvtap mode is passthrough
    Source: SR-IOV with MacVTap Passthrough: "The MacVTap driver mode is 'passthrough' and …"
    Remedy: Set <source dev='VF' mode='passthrough'/> (or forward mode 'passthrough' in the network) and start the VM again.
    Evidence: libvirt domains and networks, live macvtap links
    Violation: A macvtap interface on a VF in mode vepa.

    Scenario: Mode as written and in effect
      Given the VM-FEX interfaces on macvtap, private ones aside
      Then the macvtap mode of each is "passthrough", as written and in effect

  @EMU-02 @critical
  Rule: The lower device is a VF of a VIC, one for each interface
    Source: SR-IOV with MacVTap Passthrough: "The MacVTap Linux driver is installed in …"
    Remedy: Point each interface at a VF of its own, and at nothing on top of it; a static vNIC or another vendor's function is not a VF of a VIC.
    Evidence: libvirt domains and networks against PCI functions, live macvtap links
    Violation: Two interfaces of a VM on one VF, or one on a VLAN, bond or bridge on a VF.

    Scenario: Lower devices
      Given the VM-FEX interfaces on macvtap, private ones aside
      Then each stands on a VF of a VIC, for itself alone

  @EMU-03 @critical
  Rule: The guest interface is VirtIO
    Source: SR-IOV with MacVTap Passthrough: "The MacVTap Linux driver is installed in …"; VirtIO: "The VirtIO paravirtualized network driver (virtio-net) runs …"
    Remedy: Set <model type='virtio'/> on the interface and start the VM again.
    Evidence: libvirt domains
    Violation: An interface of model e1000.

    Scenario: Interface models
      Given the VM-FEX interfaces on macvtap, private ones aside
      Then the guest sees each as VirtIO

  @EMU-04 @critical
  Rule: The macvtap driver is there, and each running interface has its link
    Source: SR-IOV with MacVTap Passthrough: "The MacVTap Linux driver is installed in …"; MacVTap: "MacVTap is a Linux driver that allows …"
    Remedy: `modprobe macvtap`, then start the VM again; libvirt makes the link.
    Evidence: modules, Netlink
    Violation: A running VM whose macvtap link was deleted, or stands on another device than is written.

    Scenario: The driver
      Given the VM-FEX interfaces on macvtap, private ones aside
      Then the host has the macvtap driver

    Scenario: The links
      Given the running VM-FEX interfaces on macvtap, private ones aside
      Then each has its macvtap link

  @EMU-05 @normal
  Rule: A VM on MacVTap passthrough that must live-migrate can
    Source: SR-IOV with MacVTap Passthrough: "Live migration is …"
    Remedy: Take what blocks migration from the VM, or take the VM from the plan's list of those that must live-migrate.
    Evidence: libvirt domains, the plan
    Violation: A VM that must live-migrate and has a PCI device of the host.

    Scenario: What blocks live migration
      Given the VM-FEX domains in passthrough mode, none in hostdev mode, that must live-migrate
      Then nothing of this table blocks their migration
        | what            | libvirt or QEMU says                                                                      |
        | assigned device | domain has assigned non-USB host devices                                                  |
        | virtiofs        | migration with virtiofs device is not supported                                           |
        | 9p              | Migration is disabled when VirtFS export path is mounted in the guest                     |
        | shmem           | shmem device cannot be migrated                                                           |
        | invtsc          | domain has 'invtsc' CPU feature but TSC frequency is not specified                        |
        | migratable off  | State blocked by non-migratable CPU device (invtsc flag)                                  |
        | transient disk  | migration with transient disk is not supported                                            |
        | nvme disk       | Migration without shared storage is unsafe                                                |
        | disk in a file  | Migration without shared storage is unsafe                                                |
        | disk cache      | Migration may lead to data corruption if disks use cache other than none or directsync    |
