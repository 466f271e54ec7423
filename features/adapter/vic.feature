@adapter
Feature: Virtual interface card
  A Cisco VIC that supports SR-IOV with VM-FEX, with its static and dynamic vNICs.

  @VIC-01 @blocker
  Rule: At least one Cisco VIC is installed
    Source: KVM Components, Hypervisor: "The host server with hypervisor must have …"
    Remedy: Install one of the listed VICs. If there is one, see whether the service profile gives the host vNICs on it.
    Evidence: PCI functions of vendor 1137
    Violation: A server whose only network adapters are Intel's.

    Scenario: A VIC is there
      Given the host
      Then at least one Cisco VIC is installed

  @VIC-02 @blocker
  Rule: Each VIC for VM-FEX is a model that supports SR-IOV with VM-FEX
    Source: Single Root I/O Virtualization, list of cards: "The following Cisco Virtual Interface Cards support …"
    Remedy: Use one of the listed models for VM-FEX. If the id is unknown, look up the card's PID (UCS Manager, adapter unit) in Cisco's list.
    Evidence: PCI subsystem ids; UCS Manager, adaptorUnit, where it could be asked
    Violation: VM-FEX interfaces on a VIC M81KR or a VIC 1285.

    Scenario: Models of the VICs
      Given the VICs that carry VM-FEX interfaces, or would
      Then each is one of the models that support SR-IOV with VM-FEX
        | model |
        | 1240  |
        | 1280  |
        | 1225  |
        | 1225T |
        | 1227  |
        | 1227T |
        | 1340  |
        | 1380  |
        | 1385  |
        | 1387  |
        | 1440  |
        | 1480  |
        | 1455  |
        | 1457  |

  @VIC-03 @normal
  Rule: An adapter has at most 116 vNICs
    Source: Virtualization with a VIC Adapter: "The VIC adapter supports static or dynamic …"
    Remedy: Lower the number of dynamic vNICs in the dynamic vNIC connection policy, or remove static vNICs from the service profile.
    Evidence: PCI functions below one VIC PCIe switch
    Violation: 117 vNICs, static and dynamic, on one adapter.

    Scenario: vNICs of each adapter
      Given the VICs
      Then each has at most 116 vNICs, static and dynamic

  @VIC-04 @critical
  Rule: A static vNIC is visible to the host
    Source: Virtualization with a VIC Adapter: "A static vNIC is a device that …"
    Remedy: Bind the function to the enic driver (`modprobe enic`), and take it back from vfio-pci if it was given to a VM.
    Evidence: driver link and net directory of each function
    Violation: A static vNIC that is bound to vfio-pci.

    Scenario: Driver and network device of static vNICs
      Given the static vNICs
      Then each is bound to enic and has a network device

  @VIC-05 @critical
  Rule: VM-FEX interfaces use dynamic vNICs or VFs
    Source: Virtualization with a VIC Adapter: "Dynamic vNICs are used for VM-FEX by …"
    Remedy: Point the interface at a VF or a dynamic vNIC. A VM on a static vNIC shares the host's own port and is not on VM-FEX.
    Evidence: libvirt domains and networks against PCI functions
    Violation: A macvtap interface on eth0, which is a static vNIC.

    Scenario: What VM-FEX interfaces stand on
      Given the VM-FEX interfaces
      Then each uses a dynamic vNIC or a VF, not a static vNIC
