"""A UCS Manager to test against: its XML API over TLS, on loopback, with fabrics from XML files."""
