@host
Feature: Hypervisor
  A host server with Red Hat Enterprise Linux and KVM, on which libvirtd runs.

  @HST-01 @blocker
  Rule: The host runs Red Hat Enterprise Linux 6.1 or later
    Source: KVM Components, Hypervisor: "The earliest supported release for VM-FEX is …"
    Remedy: Install Red Hat Enterprise Linux 6.1 or later. A clone (CentOS, Rocky, Alma, Oracle) is not what the guide supports, whatever its number. Red Hat's own hypervisor images are judged by the release that they are built from.
    Evidence: /etc/os-release or /usr/lib/os-release, /etc/redhat-release
    Violation: A host with CentOS Linux 7.9, or with Red Hat Enterprise Linux 6.0.

    Scenario: Release of the host
      Given the host
      Then it runs Red Hat Enterprise Linux 6.1 or later

  @HST-02 @blocker
  Rule: SR-IOV topologies have a release later than 6.1
    Source: KVM Components, Hypervisor: "The earliest supported release for VM-FEX is …"
    Remedy: Update the host, or move its VMs to a topology that its release supports. The enic driver in the box makes VFs from release 6.3 on.
    Evidence: /etc/os-release, /etc/redhat-release, libvirt domains, the plan
    Violation: A host with Red Hat Enterprise Linux 6.1 that is meant for SR-IOV VF passthrough.

    Scenario: Release that each SR-IOV topology needs
      Given the SR-IOV topologies that the host is meant for
      Then its release of Red Hat Enterprise Linux is later than each of them needs
        | topology                        | later than |
        | SR-IOV with MacVTap passthrough | 6.1        |
        | SR-IOV VF passthrough           | 6.1        |

  @HST-03 @blocker
  Rule: The processor is x86-64 with hardware virtualization
    Source: VM-FEX for KVM, Overview: "KVM uses x86 hardware virtualization extensions …"; Single Root I/O Virtualization: "Recent x86 server processors include chipset enhancements …"
    Remedy: Enable Intel VT-x (or AMD-V) in the BIOS policy of the service profile and restart the server.
    Evidence: /proc/cpuinfo, uname
    Violation: A processor whose flags show neither vmx nor svm.

    Scenario: Hardware virtualization
      Given the host
      Then it has an x86-64 processor with hardware virtualization

  @HST-04 @blocker
  Rule: KVM is the hypervisor in effect
    Source: VM-FEX for KVM, Overview: "KVM uses x86 hardware virtualization extensions …"
    Remedy: Load kvm_intel or kvm_amd so that /dev/kvm appears, restart libvirtd so that it offers KVM, and define each VM with <domain type='kvm'>.
    Evidence: /dev/kvm, libvirt capabilities, libvirt domains
    Violation: A VM of domain type qemu, which is plain emulation.

    Scenario: The kernel offers KVM
      Given the host
      Then the kernel offers KVM

    Scenario: libvirt offers KVM
      Given the host
      Then libvirt offers KVM

    Scenario: VMs run on KVM
      Given the VM-FEX domains
      Then each runs as a domain of type kvm

  @HST-05 @blocker
  Rule: libvirtd runs on the hypervisor and answers
    Source: KVM Components, libvirt: "Libvirt, which runs on the hypervisor as …"
    Remedy: Start libvirtd (from release 9 on virtqemud), and look into its log if it does not answer.
    Evidence: libvirt connection
    Violation: A host on which nothing listens on libvirtd's socket.

    Scenario: libvirtd answers
      Given the host
      Then libvirtd runs on it and answers

  @HST-06 @critical
  Rule: The chipset support that SR-IOV needs is in effect
    Source: Single Root I/O Virtualization: "Recent x86 server processors include chipset enhancements …"
    Remedy: Enable VT-d in the BIOS policy, start the kernel with intel_iommu=on, restart, and look for "Intel-IOMMU: enabled" in the kernel log.
    Evidence: /sys/class/iommu, /sys/kernel/iommu_groups, in old kernels the ACPI DMAR table with the kernel log
    Violation: A host that was started without intel_iommu=on: no IOMMU unit is active.

    Scenario: An IOMMU is active
      Given the host, unless it is meant for MacVTap direct alone
      Then an IOMMU is active

    Scenario: SR-IOV functions stand in IOMMU groups
      Given the SR-IOV functions of the VICs
      Then each stands in an IOMMU group
