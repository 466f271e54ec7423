"""libvirt's own test documents, read by the program and by a second reader (`make corpus`)."""
