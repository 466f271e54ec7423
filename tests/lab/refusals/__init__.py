"""What libvirt refuses to start: each refusal with a twin that differs in just that and starts."""
