"""The certificate: one page for people, of one host or of many."""
