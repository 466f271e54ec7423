@topology
Feature: SR-IOV VF passthrough (hostdev mode)
  The VM's own enic driver drives a VF; MacVTap and VirtIO are not used.

  @HDV-01 @critical
  Rule: The VF is configured through its PF by libvirt
    Source: SR-IOV VF Passthrough (Hostdev Mode): "You can configure the VF through the …"
    Remedy: Replace the bare <hostdev> by <interface type='hostdev' managed='yes'> with an 802.1Qbh virtual port.
    Evidence: libvirt domains
    Violation: A bare <hostdev> of a VIC's VF.

    Scenario: How the VF is given
      Given the VM-FEX interfaces in hostdev mode
      Then each is configured through its PF by libvirt

  @HDV-02 @critical
  Rule: The assigned device is a VF of a VIC, never a PF
    Source: SR-IOV VF Passthrough (Hostdev Mode): "Instead, the Ethernet driver (enic) of the …"
    Remedy: Point the interface's source address at a virtual function. /sys/class/net/PF/device/virtfn* lists those of a PF.
    Evidence: libvirt domains and networks against PCI functions
    Violation: A hostdev interface on a static vNIC.

    Scenario: Assigned devices
      Given the VM-FEX interfaces in hostdev mode
      Then each is a VF of a VIC, never a PF

  @HDV-03 @critical
  Rule: MacVTap and VirtIO are not used on a hostdev interface
    Source: SR-IOV VF Passthrough (Hostdev Mode): "The MacVTap and VirtIO drivers …"
    Remedy: Remove <model type='virtio'/> from the interface, and delete the macvtap link on its VF.
    Evidence: libvirt domains, live macvtap links
    Violation: A hostdev interface with model virtio.

    Scenario: Neither MacVTap nor VirtIO
      Given the VM-FEX interfaces in hostdev mode
      Then none uses MacVTap or VirtIO

  @HDV-04 @critical
  Rule: A VM in hostdev mode does not live-migrate
    Source: SR-IOV VF Passthrough (Hostdev Mode): "Live migration is …"
    Remedy: Move the VM to SR-IOV with MacVTap passthrough, or take it from the plan's list of those that must live-migrate.
    Evidence: libvirt domains, the plan
    Violation: A VM on a hostdev interface that the plan says must live-migrate.

    Scenario: Live migration
      Given the VM-FEX interfaces in hostdev mode
      Then none belongs to a VM that must live-migrate

  @HDV-05 @critical
  Rule: The guest has the enic driver
    Source: SR-IOV VF Passthrough (Hostdev Mode): "Instead, the Ethernet driver (enic) of the …"
    Remedy: Install the enic driver in the guest, and give a capture of the guest as evidence: the host alone cannot tell.
    Evidence: capture of the guest
    Violation: A guest in which no driver is bound to the VF.

    Scenario: The guest's driver
      Given the VM-FEX interfaces in hostdev mode
      Then the guest drives each with enic

  @HDV-06 @minor @derived
  Rule: The hypervisor refuses to migrate a VM in hostdev mode
    Source: libvirt 11.3.0, src/qemu/qemu_migration.c; QEMU, VFIO migration
    Remedy: Do not migrate the VM, whatever the hypervisor offers: the guide supports no live migration in this topology.
    Evidence: the hypervisor's answer to an attempt to save or migrate the VM, made in a lab
    Violation: A hypervisor that would migrate the VM.

    Scenario: The hypervisor's own answer
      Given the VM-FEX domains in hostdev mode
      Then the hypervisor itself refuses to migrate each

  @HDV-07 @critical @derived
  Rule: The VF can be handed over to the VM
    Source: Linux, Documentation/driver-api/vfio.rst, drivers/vfio
    Remedy: Detach the other functions of the VF's IOMMU group from the host, or turn on ACS; load vfio-pci.
    Evidence: PCI functions, their drivers and IOMMU groups; modules
    Violation: A VF whose IOMMU group has the PF, which enic drives.

    Scenario: The driver
      Given the VM-FEX interfaces in hostdev mode
      Then the host has the driver that hands functions over

    Scenario: IOMMU groups
      Given the VM-FEX interfaces in hostdev mode
      Then other functions of their IOMMU groups have none but these drivers
        | driver   |
        | vfio-pci |
        | pci-stub |
        | pcieport |
