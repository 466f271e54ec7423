"""The names that a run has in its folder."""

RECORD, JUNIT, RESULTS, HTML = "certification.json", "junit.xml", "allure-results", "report.html"
CERTIFICATE = "certificate.html"
# where several hosts were certified (fleet/)
SUMMARY, HOSTS, FINDINGS = "summary.json", "hosts", "findings.csv"
PART = "findings.part"  # of that file, in the folder of each host, until it is put together
PREVIOUS = "previous"  # the same names again, of the run before

# put in place last and taken away first: what people believe
LAST = (CERTIFICATE, HTML, RECORD, SUMMARY)
WRITTEN = (RESULTS, HOSTS, JUNIT, FINDINGS, *LAST)

WORK = ".vmfex"  # what is under way, and the lock
LOCK = "lock"
NEW, PUBLISHED = "new", "published"  # a run's files, while they are made and while they move
EARLIER, OLD = "earlier", "old"  # those that move to `previous`, and those that were there
ASIDE = "aside"  # what a run needs until its end, and nobody else
JOURNAL = "journal"  # of a run over several hosts
WORKING = (LOCK, NEW, PUBLISHED, EARLIER, OLD, ASIDE, JOURNAL)
