"""Documents and a client for the interoperability tests. Every value is made for this run; times are as of now."""

import json
import os
import secrets
import sys
import time

DAEMON = os.environ.get("RADIOGRAPH_TEST_DAEMON", "")
#: The trace id of the API reference's page.
REFERENCE_TRACE_ID = "1-58406520-a006649127e371903a2de979"
#: The segment id of AWS's example document.
REFERENCE_ID = "70de5b6f19ff9a0a"


def new_id():
    return secrets.token_hex(8)


def new_trace_id():
    return "1-%08x-%s" % (int(time.time()), secrets.token_hex(12))


def segment(**fields):
    """A small complete segment; a field given as None is left out."""
    start = time.time() - 2
    document = {
        "name": "web",
        "id": new_id(),
        "trace_id": new_trace_id(),
        "start_time": start,
        "end_time": start + 0.5,
    }
    document.update(fields)
    return {name: value for name, value in document.items() if value is not None}


def check(holds, what):
    if not holds:
        raise AssertionError(what)


def equal(actual, expected, what):
    check(actual == expected, "%s:\n  expected %r\n  actual   %r" % (what, expected, actual))


def documents(trace):
    """The documents of a trace of BatchGetTraces, parsed."""
    return [json.loads(part["Document"]) for part in trace["Segments"]]


def run(tests):
    """Runs functions in order; prints each that fails; ends the process with 1 if any did."""
    failed = 0
    for test in tests:
        try:
            test()
            print("  ok      %s" % test.__doc__)
        except Exception as error:  # every failure is told, whatever it is
            failed += 1
            print("  FAILED  %s: %s: %s" % (test.__doc__, type(error).__name__, error))
    sys.exit(1 if failed else 0)
