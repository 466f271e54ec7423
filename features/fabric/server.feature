@fabric
Feature: The host as a server of UCS Manager
  What the host shows of itself, held against what the fabric says of the same server.

  @FAB-04 @critical @derived
  Rule: The PID of each VIC in UCS Manager agrees with its PCI id on the host
    Source: UCS Manager object model, adaptorUnit model; the sources of evidence/vic_models.csv
    Remedy: Acknowledge the server in UCS Manager, so that it takes its inventory anew; see whether this host is the server that it was taken for.
    Evidence: PCI subsystem ids; UCS Manager, computeBlade, computeRackUnit, adaptorUnit, vnicEther, lsServer
    Violation: A VIC 1340 by its PCI id, for which UCS Manager shows the PID of a M81KR.

    Scenario: Ids of the VICs
      Given the VICs
      Then the PID of each in UCS Manager is of the model of its PCI id

  @FAB-05 @normal @derived
  Rule: VFs and dynamic vNICs are as many as the dynamic vNIC policy gives
    Source: UCS Manager object model, vnicDynamicConPolicy; DPDK 22.11, doc/guides/nics/enic.rst (reboot the host after applying the policy)
    Remedy: Set the dynamic vNIC connection policy of the vNIC as it is meant, and reboot the host: it takes effect then.
    Evidence: PCI functions, Netlink; UCS Manager, vnicEther, vnicDynamicConPolicyRef, vnicDynamicConPolicy, lsServer
    Violation: 4 VFs on a PF whose dynamic vNIC policy is switched off.

    Scenario: Numbers of the policy
      Given the vNICs of its service profile from which VM interfaces come
      Then the host has as many VFs and dynamic vNICs of each as its dynamic vNIC policy gives

  @FAB-06 @critical @derived
  Rule: The BIOS settings of the server enable VT, VT-d and interrupt remapping
    Source: networking_cisco 10.0.0, doc/source/admin/ml2-ucsm*.rst (VT-x and VT-d are enabled in the BIOS); Red Hat Enterprise Linux 6, Virtualization Host Configuration Guide 12.5 (interrupt remapping from 6.2 on)
    Remedy: Enable VT, VT for directed I/O and its interrupt remapping in the BIOS policy of the service profile, and reboot the host.
    Evidence: UCS Manager, computeBlade, computeRackUnit, biosVfIntelVirtualizationTechnology, biosVfIntelVTForDirectedIO
    Violation: VT for directed I/O "disabled" in the BIOS settings.

    Scenario: Virtualization in the BIOS
      Given the server that this host is in UCS Manager
      Then its BIOS settings enable VT, VT-d, and interrupt remapping from RHEL 6.2 on
