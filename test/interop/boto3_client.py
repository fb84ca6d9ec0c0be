"""boto3 against a running server: documents in, traces out, rejections, errors, pages."""

import json
import time
from datetime import datetime, timezone

import boto3
from botocore.exceptions import ClientError
from story import REFERENCE_ID, REFERENCE_TRACE_ID, documents, equal, check, new_id, new_trace_id, run, segment

xray = boto3.client("xray")
ID = REFERENCE_ID


def put(*docs):
    texts = [json.dumps(document) for document in docs]
    answer = xray.put_trace_segments(TraceSegmentDocuments=texts)
    equal(answer["UnprocessedTraceSegments"], [], "unprocessed segments")


def summary(trace_id):
    now = time.time()
    pages = xray.get_paginator("get_trace_summaries").paginate(StartTime=now - 60, EndTime=now + 60)
    found = [line for page in pages for line in page["TraceSummaries"] if line["Id"] == trace_id]
    check(len(found) == 1, "one summary of %s, not %d" % (trace_id, len(found)))
    return found[0]


def documents_in_one_trace_out():
    """the reference page's segment, an open one and its completion, a list of subsegments: one merged trace"""
    now = time.time()
    worker, call, parse = new_id(), new_id(), new_id()
    whole = {"name": "Scorekeep", "id": ID, "trace_id": REFERENCE_TRACE_ID, "start_time": now - 3, "end_time": now - 1}
    opened = {"name": "worker", "id": worker, "trace_id": REFERENCE_TRACE_ID, "parent_id": call, "start_time": now - 2.5}
    part = {"type": "subsegment", "trace_id": REFERENCE_TRACE_ID, "start_time": now - 2.8, "end_time": now - 1.5}

    put(whole)
    equal(documents(xray.batch_get_traces(TraceIds=[REFERENCE_TRACE_ID])["Traces"][0]), [whole], "the segment")
    put(dict(opened, in_progress=True))
    check(summary(REFERENCE_TRACE_ID)["IsPartial"] is True, "partial while a segment is open")
    put(dict(opened, end_time=now - 2))
    put(
        [
            dict(part, name="worker", id=call, parent_id=ID, namespace="remote"),
            dict(part, name="parse", id=parse, parent_id=call),
        ]
    )

    answer = xray.batch_get_traces(TraceIds=[REFERENCE_TRACE_ID])
    equal(answer["UnprocessedTraceIds"], [], "unprocessed ids")
    check(len(answer["Traces"]) == 1, "one trace")
    trace = answer["Traces"][0]
    check(abs(trace["Duration"] - 2) < 0.01, "duration %r" % trace["Duration"])
    first, second = documents(trace)
    equal([first["id"], second["id"]], [ID, worker], "the segments")
    check("in_progress" not in second and second["end_time"] == now - 2, "the completion won")
    equal([child["id"] for child in first["subsegments"]], [call], "the subsegment of the segment")
    equal([child["id"] for child in first["subsegments"][0]["subsegments"]], [parse], "the subsegment below it")

    line = summary(REFERENCE_TRACE_ID)
    check(line["IsPartial"] is False, "no longer partial")
    check([line["HasError"], line["HasFault"], line["HasThrottle"]] == [False] * 3, "no flags")
    check(isinstance(line["Http"], dict), "Http is an object")
    equal(line["EntryPoint"]["Name"], "Scorekeep", "entry point")
    services = sorted((service["Name"], service.get("Type") == "client") for service in line["ServiceIds"])
    equal(services, [("Scorekeep", False), ("Scorekeep", True), ("worker", False)], "services, the client's node too")


def text(**fields):
    return json.dumps(segment(**dict({"id": ID}, **fields)))


def nested(**fields):
    child = dict({"name": "child", "id": new_id(), "start_time": 1, "end_time": 2}, **fields)
    return text(subsegments=[{name: value for name, value in child.items() if value is not None}])


def sized(count):
    document = text(metadata={"default": {"filler": "FILLER"}})
    return document.replace("FILLER", "x" * (count - len(document.encode()) + len("FILLER")))


def of_segment(code):
    return "Invalid segment. ErrorCode: %s" % code


def of_subsegment(code):
    return "Invalid subsegment. ErrorCode: %s, Cause: null" % code


# Rows of spec/ingest §5.3: row, text, code, message, Id (None: absent).
REJECTIONS = [
    (49, "x", "ParseError", of_segment, None),
    (49, "None", "ParseError", of_segment, None),
    (49, "", "ParseError", of_segment, None),
    (49, text()[:-5], "ParseError", of_segment, None),
    (49, text() + text(), "ParseError", of_segment, None),
    (50, "[]", "MissingId", of_segment, None),
    (50, "{}", "MissingId", of_segment, None),
    (51, text(start_time=None), "MissingStartTime", of_segment, ID),
    (52, text(trace_id=None), "MissingTraceId", of_segment, ID),
    (53, text(trace_id="1-5880168b-fd515828bs07678a3bb5a78c"), "InvalidTraceId", of_segment, ID),
    (54, text(type="subsegment"), "MissingParentId", of_subsegment, ID),
    (55, nested(name="mysql at RouteBinding:?"), "InvalidName", of_subsegment, ID),
    (56, nested(name={}), "MissingName", of_subsegment, ID),
    (56, nested(name=None), "MissingName", of_subsegment, ID),
    (57, nested(end_time=None), "MissingEndTime", of_subsegment, ID),
    (58, text(in_progress="false", end_time=None), "MissingEndTime", of_segment, ID),
    (59, text(name="x" * 201), "InvalidName", of_segment, ID),
    (59, text(name="$Proxy42.save()"), "InvalidName", of_segment, ID),
    (59, text(name="a\tb"), "InvalidName", of_segment, ID),
    (59, text(name="\U0001f6d2"), "InvalidName", of_segment, ID),
    (60, text(id=1234567890123456), "MissingId", of_segment, None),
    (61, text(id=ID[:15]), "InvalidId", of_segment, ID[:15]),
    (61, text(id=ID + "1"), "InvalidId", of_segment, ID + "1"),
    (61, text(id="z" * 16), "InvalidId", of_segment, "z" * 16),
    (62, sized(65537), "InvalidSegment", lambda _: "Segment document size exceeded. Maximum size: 64 KB.", ID),
    (63, json.dumps(text()), "ParseError", of_segment, None),
]


def rejections():
    """rows 49 to 63: exact code, message and Id, and the neighbours are stored"""
    for row, document, code, message, entity in REJECTIONS:
        before, after = new_trace_id(), new_trace_id()
        texts = [text(trace_id=before), document, text(trace_id=after)]
        answer = xray.put_trace_segments(TraceSegmentDocuments=texts)
        expected = {"ErrorCode": code, "Message": message(code)}
        if entity is not None:
            expected["Id"] = entity
        equal(answer["UnprocessedTraceSegments"], [expected], "row %d" % row)
        stored = xray.batch_get_traces(TraceIds=[before, after])["Traces"]
        equal([trace["Id"] for trace in stored], [before, after], "row %d: the neighbours" % row)


def limits():
    """50 documents are taken, 51 are not; 65,536 bytes are taken"""
    equal(xray.put_trace_segments(TraceSegmentDocuments=[text()] * 50)["UnprocessedTraceSegments"], [], "50 documents")
    equal(xray.put_trace_segments(TraceSegmentDocuments=[])["UnprocessedTraceSegments"], [], "no documents")
    equal(xray.put_trace_segments(TraceSegmentDocuments=[sized(65536)])["UnprocessedTraceSegments"], [], "65,536 bytes")


def refused(code, message, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        equal(error.response["Error"]["Code"], code, "code of %r" % message)
        if message is not None:
            equal(error.response["Error"]["Message"], message, "message")
        equal(error.response["ResponseMetadata"]["HTTPStatusCode"], 400, "status of %r" % message)
        check(error.response["ResponseMetadata"]["RequestId"], "a request id")
        return error
    raise AssertionError("no error; expected %s: %s" % (code, message))


def errors():
    """whole-call errors are the modelled exceptions, with AWS's messages"""
    name, now = "InvalidRequestException", datetime.now(timezone.utc)
    put51 = {"TraceSegmentDocuments": [text()] * 51}
    error = refused(name, "Exceeding maximum segment count: 50", xray.put_trace_segments, **put51)
    check(isinstance(error, xray.exceptions.InvalidRequestException), "boto3's own class")
    six = [new_trace_id() for _ in range(6)]
    refused(name, "Exceeding maximum query size: 5", xray.batch_get_traces, TraceIds=six)
    refused(name, "NextToken is currently not supported", xray.batch_get_traces, TraceIds=six[:1], NextToken="x")
    refused(name, None, xray.batch_get_traces, TraceIds=[])
    refused(name, "StartTime must be before EndTime", xray.get_trace_summaries, StartTime=now, EndTime=now)
    window = {"StartTime": time.time() - 60, "EndTime": time.time()}
    refused(name, "Invalid NextToken", xray.get_trace_summaries, NextToken="x", **window)


def pages():
    """250 traces come in three pages, each once, newest first"""
    start = int(time.time()) - 7200
    ids = ["1-%08x-%s" % (start + second, new_id() + "00000000") for second in range(250)]
    for at in range(0, 250, 50):
        put(*[segment(trace_id=one, start_time=int(one[2:10], 16)) for one in ids[at : at + 50]])
    paginator = xray.get_paginator("get_trace_summaries")
    found = list(paginator.paginate(StartTime=start, EndTime=start + 250))
    equal([len(page["TraceSummaries"]) for page in found], [100, 100, 50], "lengths of the pages")
    equal([line["Id"] for page in found for line in page["TraceSummaries"]], ids[::-1], "the order")
    traces = xray.get_paginator("batch_get_traces").paginate(TraceIds=ids[:5]).build_full_result()["Traces"]
    equal([trace["Id"] for trace in traces], ids[:5], "the paginator of batch_get_traces")


run([documents_in_one_trace_out, rejections, limits, errors, pages])
