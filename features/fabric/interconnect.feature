@fabric
Feature: Fabric interconnect
  All switching happens there, if the model carries VM-FEX.

  @FAB-01 @blocker
  Rule: No fabric interconnect is of a model without VM-FEX
    Source: Overview of VM-FEX: "In Cisco UCS Manager Release 4.0(1), VM-FEX …"
    Remedy: Keep VM-FEX on a fabric with 6200 or 6300 series interconnects, or give it up before the migration to this model.
    Evidence: UCS Manager, networkElement; equipmentSwitchCap for a model that the table does not have
    Violation: A Cisco UCS 6454 Fabric Interconnect.

    Scenario: Models of the fabric interconnects
      Given the fabric interconnects
      Then each is of a model with VM-FEX, or says so itself
        | model            | VM-FEX | said by                                         |
        | UCS-FI-6454      | no     | the guide                                       |
        | UCS-FI-64108     | no     | UCS Manager Infrastructure Management Guide 4.3 |
        | N10-S6100        | yes    | not excluded by the guide (6120XP)              |
        | N10-S6200        | yes    | not excluded by the guide (6140XP)              |
        | UCS-FI-6120XP    | yes    | not excluded by the guide                       |
        | UCS-FI-6140XP    | yes    | not excluded by the guide                       |
        | UCS-FI-6248UP    | yes    | not excluded by the guide                       |
        | UCS-FI-6296UP    | yes    | not excluded by the guide                       |
        | UCS-FI-6332      | yes    | not excluded by the guide                       |
        | UCS-FI-6332-16UP | yes    | not excluded by the guide                       |
        | UCS-FI-M-6324    | yes    | not excluded by the guide                       |

  @FAB-02 @critical
  Rule: A 6454 fabric carries no port profile and no distributed virtual switch
    Source: Port Profiles: "Cisco UCS 6454 Fabric Interconnects do not …"
    Remedy: Delete the port profiles and distributed virtual switches in UCS Manager: this model does not support them.
    Evidence: UCS Manager, networkElement, equipmentSwitchCap, vnicProfile, vmSwitch
    Violation: A 6454 fabric that still carries a port profile from before its migration.

    Scenario: Port profiles and switches
      Given the fabric interconnects without VM-FEX
        | model            | VM-FEX | said by                                         |
        | UCS-FI-6454      | no     | the guide                                       |
        | UCS-FI-64108     | no     | UCS Manager Infrastructure Management Guide 4.3 |
        | N10-S6100        | yes    | not excluded by the guide (6120XP)              |
        | N10-S6200        | yes    | not excluded by the guide (6140XP)              |
        | UCS-FI-6120XP    | yes    | not excluded by the guide                       |
        | UCS-FI-6140XP    | yes    | not excluded by the guide                       |
        | UCS-FI-6248UP    | yes    | not excluded by the guide                       |
        | UCS-FI-6296UP    | yes    | not excluded by the guide                       |
        | UCS-FI-6332      | yes    | not excluded by the guide                       |
        | UCS-FI-6332-16UP | yes    | not excluded by the guide                       |
        | UCS-FI-M-6324    | yes    | not excluded by the guide                       |
      Then UCS Manager has no port profile and no distributed virtual switch

  @FAB-03 @blocker @derived
  Rule: The fabric interconnect itself says that it supports dynamic VIFs
    Source: UCS Manager object model, equipmentSwitchCap dynamicVifsSupported (since 3.1(1e))
    Remedy: Use a fabric interconnect that supports dynamic VIFs; without them there is no veth port for a VM.
    Evidence: UCS Manager, networkElement, equipmentSwitchCap
    Violation: A fabric interconnect with dynamicVifsSupported "no".

    Scenario: Dynamic VIFs
      Given the fabric interconnects
      Then each says that it supports dynamic VIFs
