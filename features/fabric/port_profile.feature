@fabric
Feature: Port profiles
  They configure the virtual interfaces, and are applied to a cluster.

  @PRF-01 @critical
  Rule: Each VM-FEX interface is an 802.1Qbh virtual port that names a port profile
    Source: Overview of VM-FEX: "VM-FEX extends the IEEE 802.1Qbh port extender …"; Port Profiles: "Port profiles contain the properties and settings …"
    Remedy: Add <virtualport type='802.1Qbh'><parameters profileid='PROFILE'/></virtualport> to the interface, its port group or its network.
    Evidence: libvirt domains and networks
    Violation: A macvtap interface on a VF without a virtual port, or with another port profile than its port group.

    Scenario: Virtual ports
      Given the VM-FEX interfaces
      Then each is an 802.1Qbh virtual port that names a port profile

  @PRF-02 @critical
  Rule: The port profile that an interface names exists in UCS Manager
    Source: Port Profiles: "The port profiles are created and …"
    Remedy: Create the port profile in UCS Manager, or correct its name in the VM's definition.
    Evidence: libvirt domains and networks; UCS Manager, vnicProfile
    Violation: An interface that names a port profile nobody created.

    Scenario: Port profiles in use
      Given the port profiles that VM-FEX interfaces name
      Then each exists in UCS Manager

  @PRF-03 @critical
  Rule: The port profile's client is the default cluster
    Source: Port Profile Client: "In the current Cisco UCS implementation of …"
    Remedy: Make the cluster "default" the profile client in UCS Manager: it is the only one available for KVM.
    Evidence: UCS Manager, vmVnicProfCl; vmSwitch, vmHv, vmInstance for the clusters
    Violation: A port profile without a client, or whose client is another cluster, or a pattern that takes in another one.

    Scenario: Clients of the port profiles
      Given the port profiles of UCS Manager that VM-FEX interfaces name
      Then the only client of each is the cluster "default"

  @PRF-04 @critical
  Rule: A running VM's port is really associated
    Source: Virtualization with a VIC Adapter: "Dynamic vNICs are used for VM-FEX by …"; Overview of VM-FEX: "VM-FEX extends the IEEE 802.1Qbh port extender …"
    Remedy: Look for the port profile's association in libvirtd's log and UCS Manager's faults of the virtual interface; start the VM again when they are mended.
    Evidence: Netlink, IFLA_VF_PORTS and IFLA_PORT_SELF; UCS Manager, vmNic and vmVif
    Violation: A running VM whose port profile request was answered with an error, whose port is another VM's, or whose veth is on another port profile.

    Scenario: Response to the port profile request
      Given the running VM-FEX interfaces
      Then the port profile of each is associated with success

    Scenario: Virtual Ethernet port on the fabric interconnect
      Given the running VM-FEX interfaces
      Then the fabric has a veth for each, on the port profile that it names

  @PRF-05 @normal @derived
  Rule: The kernel takes a port profile's name as libvirt sends it
    Source: Linux enic_main.c since the fix of CVE-2024-38659 (6.1.176, 6.12.107); libvirt 11.3.0, src/util/virnetdevvportprofile.c
    Remedy: Try one VM on this kernel before relying on it; a kernel from before May 2024, or one without that fix in enic, takes the name.
    Evidence: kernel version and build date, the kernel package's changelog
    Violation: Kernel 6.1.176, whose enic wants exactly 40 bytes while libvirt sends the name's length.

    Scenario: Port profile names
      Given the host
      Then its kernel takes a port profile's name as libvirt sends it

  @PRF-06 @critical @derived
  Rule: A port profile has ports enough for the interfaces that name it
    Source: UCS Manager object model, vnicProfile maxPorts; Cisco networking-cisco 6.1.1, ml2_drivers/ucsm/constants
    Remedy: Raise Max Ports of the port profile in UCS Manager, or spread the VMs over several port profiles.
    Evidence: libvirt domains and networks; UCS Manager, vnicProfile, vmNic
    Violation: A port profile with 1 port that the interfaces of two VMs name.

    Scenario: Ports of the port profiles
      Given the port profiles of UCS Manager that VM-FEX interfaces name
      Then each has ports enough for the interfaces that name it

  @PRF-07 @normal @derived
  Rule: A port profile's network I/O performance fits the topology
    Source: Cisco networking-cisco 6.1.1, ml2_drivers/ucsm/constants and ucsm_network_driver
    Remedy: Set Host Network IO Performance of the port profile as the table says, or use a port profile for each topology.
    Evidence: libvirt domains and networks; UCS Manager, vnicProfile hostNwIOPerf
    Violation: A hostdev interface on a port profile whose network I/O performance is "none".

    Scenario: Performance of the port profiles
      Given the port profiles of UCS Manager that VM-FEX interfaces name
      Then the network performance of each fits the interfaces that name it
        | interface | hostNwIOPerf   |
        | hostdev   | high-perf-reqd |
        | macvtap   | none           |
