@fabric
Feature: Clusters
  A cluster is the scope of a port profile and the boundary of the migration domain.

  @CLU-01 @critical
  Rule: A VM specifies only the default cluster
    Source: Clusters: "Although you can create additional clusters, you …"
    Remedy: Move the VM's port profiles to the cluster "default"; others can be created but not used.
    Evidence: UCS Manager, vmInstance
    Violation: A VM that UCS Manager shows in the cluster "lab".

    Scenario: Clusters of the VMs
      Given the VM-FEX domains
      Then each is in the cluster "default" and no other

  @CLU-02 @critical
  Rule: A migration stays within one cluster
    Source: Clusters: "When multiple KVM hosts are associated to …"
    Remedy: Choose a destination in the same cluster, or bring the destination into it in UCS Manager.
    Evidence: the plan; UCS Manager, vmHv
    Violation: A VM that must live-migrate to a hypervisor of another cluster.

    Scenario: Source and destination
      Given the VM-FEX domains that must live-migrate
      Then this host and each destination are in one cluster
