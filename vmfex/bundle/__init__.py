"""A run's record, evidence and reports in one archive that shows whether anything was touched."""
