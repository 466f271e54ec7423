@topology
Feature: VMs on VM-FEX
  In every topology, VM traffic goes to and from the VIC only.

  @TOP-01 @critical
  Rule: The hypervisor switches no VM traffic
    Source: VM-FEX for KVM, Overview: "With VM-FEX for KVM, the hypervisor performs …"
    Remedy: Move the interface to a VF or a dynamic vNIC with a port profile, or move the VM off VM-FEX and name it out of scope in the plan.
    Evidence: libvirt domains and networks, live macvtap links, bridge membership of links
    Violation: A VM with one interface on VM-FEX and another on a Linux bridge, or on macvtap in mode bridge.

    Scenario: Interfaces of VM-FEX domains
      Given the VM-FEX domains
      Then no interface of theirs is on a software switch

  @TOP-02 @critical
  Rule: VM traffic goes to and from the VIC only
    Source: Driver Topologies: "In each of these topologies, VM traffic …"
    Remedy: Point the interface at a function of the VIC.
    Evidence: libvirt domains and networks against PCI functions
    Violation: A VM with one interface on VM-FEX and another on a VF of an Intel adapter.

    Scenario: Functions below their interfaces
      Given the VM-FEX domains
      Then each interface of theirs that is on no software switch stands on a function of a VIC

  @TOP-03 @normal
  Rule: What is assigned to a VM fits its PCI layout
    Source: Driver Topologies, note: "In any topology, the configuration of the …"
    Remedy: Remove devices, or add a PCI bridge or root port to the VM's definition.
    Evidence: libvirt domains: PCI controllers and addresses
    Violation: 32 devices on the root bus of a VM.

    Scenario: Devices and slots
      Given the VM-FEX domains
      Then no PCI bus of theirs has more devices than slots
        | bus                         | first slot | last slot |
        | pci-root                    | 1          | 31        |
        | pcie-root                   | 1          | 31        |
        | pci-bridge                  | 1          | 31        |
        | dmi-to-pci-bridge           | 0          | 31        |
        | pci-expander-bus            | 0          | 31        |
        | pcie-to-pci-bridge          | 1          | 31        |
        | pcie-expander-bus           | 0          | 31        |
        | pcie-root-port              | 0          | 0         |
        | pcie-switch-upstream-port   | 0          | 31        |
        | pcie-switch-downstream-port | 0          | 0         |

  @TOP-04 @minor
  Rule: Each VM is a valid domain XML document
    Source: KVM Components, libvirt: "Each virtual machine created and managed by …"
    Remedy: `virsh edit` the VM and mend what libvirt's schema refuses.
    Evidence: libvirt domains, libvirt's domain.rng
    Violation: A definition with an element that libvirt does not know.

    Scenario: Definitions and schema
      Given the VM-FEX domains
      Then each is a valid document by libvirt's own schema

  @TOP-05 @critical @derived
  Rule: libvirt starts each VM-FEX interface as it is written
    Source: libvirt 11.3.0, src/conf/domain_conf.c, src/hypervisor/virhostdev.c, src/util/virnetdevmacvlan.c; 9.0.0, src/qemu/qemu_domain.c
    Remedy: `virsh edit` the VM (or `virsh net-edit` its network) and take out what libvirt refuses.
    Evidence: libvirt domains and networks, PCI functions' drivers, versions of libvirt and the kernel
    Violation: A macvtap interface with a <filterref>.

    Scenario: What libvirt refuses
      Given the VM-FEX interfaces
      Then libvirt refuses nothing that is written of them
        | what is written | libvirt says                                                       |
        | filterref       | filterref is not supported for network interfaces of type          |
        | vlan            | direct setting of the vlan tag is not allowed for hostdev devices  |
        | driver kvm      | host doesn't support legacy PCI passthrough                        |
        | managed no      | Unmanaged PCI device must be manually detached from the host       |
        | bandwidth       | bandwidth settings are not supported for hostdev interfaces        |
        | queues          | multiqueue is not supported for network interfaces of type         |
        | isolated port   | is not supported for network interfaces with type                  |
        | custom tap      | custom tap device path is not supported for network interfaces     |

  @TOP-08 @normal @derived
  Rule: A VM has at most as many assigned devices as the release allows
    Source: Red Hat Enterprise Linux 6 host configuration guide, 12.5; Red Hat Enterprise Linux 7 virtualization guide
    Remedy: Take devices of the host from the VM, or move them to another VM.
    Evidence: libvirt domains, release
    Violation: A VM with nine assigned devices on Red Hat Enterprise Linux 6.

    Scenario: Number of assigned devices
      Given the VM-FEX domains with PCI devices of the host
      Then each has at most as many of them as the release allows
        | Red Hat Enterprise Linux | devices |
        | 6                        | 8       |
        | 7                        | 32      |
