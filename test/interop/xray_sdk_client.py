"""The X-Ray SDK for Python over UDP: segments, nested and streamed subsegments, an error with its cause."""

from aws_xray_sdk.core import xray_recorder
from story import DAEMON, check, documents, equal, run
from traces import entities, trace_when

# Sampling is tested where rules exist; here every request is traced. SDK and server agree on everything else.
xray_recorder.configure(service="python-shop", daemon_address=DAEMON, sampling=False, context_missing="LOG_ERROR")


def nested():
    """nested subsegments, annotations, metadata and an exception"""
    recorded = xray_recorder.begin_segment("python-shop")
    recorded.put_annotation("order", 1234)
    recorded.put_metadata("basket", {"items": [1, 2, 3]}, "shop")
    recorded.put_http_meta("url", "http://shop.example/cart")
    recorded.put_http_meta("status", 500)
    try:
        with xray_recorder.in_subsegment("outer") as outer:
            with xray_recorder.in_subsegment("inner", namespace="remote") as inner:
                raise KeyError("no such item")
    except KeyError:
        pass
    xray_recorder.end_segment()

    trace = trace_when(recorded.trace_id, lambda trace: inner.id in entities(trace))
    found = entities(trace)
    whole = found[recorded.id]
    equal(whole["name"], "python-shop", "name")
    equal(whole["annotations"], {"order": 1234}, "annotations")
    equal(whole["metadata"]["shop"]["basket"], {"items": [1, 2, 3]}, "metadata")
    equal(whole["http"]["response"]["status"], 500, "status")
    check("in_progress" not in whole, "complete")
    equal([child["id"] for child in whole["subsegments"]], [outer.id], "the subsegment")
    failed = found[inner.id]
    check(failed["fault"] is True, "fault")
    equal(failed["cause"]["exceptions"][0]["type"], "KeyError", "the exception")


def streamed():
    """more subsegments than the SDK keeps are streamed, and come together again"""
    recorded = xray_recorder.begin_segment("python-shop")
    for index in range(120):
        with xray_recorder.in_subsegment("step %d" % index):
            pass
    xray_recorder.end_segment()
    trace = trace_when(recorded.trace_id, lambda trace: len(entities(trace)) == 121)
    equal([part["Id"] for part in trace["Segments"]], [recorded.id], "one segment")
    names = sorted(child["name"] for child in documents(trace)[0]["subsegments"])
    equal(names, sorted("step %d" % index for index in range(120)), "its subsegments")


run([nested, streamed])
