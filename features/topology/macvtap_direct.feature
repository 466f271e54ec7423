@topology
Feature: MacVTap direct (private)
  Each VM's VirtIO interface is connected to a physical PCIe port of the VIC; until UCS release 2.1.

  @MTD-01 @critical
  Rule: MacVTap direct is not supported from UCS release 2.1 on
    Source: MacVTap Direct (Private): "Beginning with Cisco UCS Release 2.1, the …"
    Remedy: Move the VM to SR-IOV with MacVTap passthrough, which live-migrates too. If UCS Manager is older than 2.1, give its answers as evidence.
    Evidence: libvirt domains, live macvtap links; UCS Manager, firmwareRunning
    Violation: An interface in macvtap mode private on UCS release 2.1.

    Scenario: UCS release
      Given the VM-FEX interfaces in private mode, running, defined or planned
      Then UCS Manager is proven older than release 2.1

  @MTD-02 @normal
  Rule: There are at most as many VMs as VIC ports
    Source: MacVTap Direct (Private): "The number of supported VMs is limited …"
    Remedy: Raise the number of dynamic vNICs, or move VMs to another host.
    Evidence: libvirt domains, PCI functions; UCS Manager, firmwareRunning
    Violation: Three VMs on an adapter with two dynamic vNICs.

    Scenario: VMs and VIC ports
      Given the VM-FEX interfaces in private mode
      And UCS Manager is older than release 2.1
      Then their VMs are at most as many as the VIC's ports

  @MTD-03 @critical
  Rule: The VirtIO interface stands on a PCIe port of the VIC
    Source: MacVTap Direct (Private): "The MacVTap Linux driver is installed in …"; VirtIO: "The VirtIO paravirtualized network driver (virtio-net) runs …"
    Remedy: Give the interface <model type='virtio'/> and a source device that is a dynamic vNIC of the VIC.
    Evidence: libvirt domains against PCI functions; UCS Manager, firmwareRunning
    Violation: An interface in private mode of model e1000.

    Scenario: Interfaces in private mode
      Given the VM-FEX interfaces in private mode
      And UCS Manager is older than release 2.1
      Then each is a VirtIO interface on a PCIe port of the VIC

  @MTD-04 @normal
  Rule: A VM on MacVTap direct that must live-migrate can
    Source: MacVTap Direct (Private): "Live migration is …"
    Remedy: Take what blocks migration from the VM, or take the VM from the plan's list of those that must live-migrate.
    Evidence: libvirt domains, the plan; UCS Manager, firmwareRunning
    Violation: A VM that must live-migrate and has a PCI device of the host.

    Scenario: What blocks migration
      Given the VM-FEX domains in private mode, none in hostdev mode, that must live-migrate
      And UCS Manager is older than release 2.1
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
