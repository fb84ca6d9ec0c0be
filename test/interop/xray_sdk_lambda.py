"""The X-Ray SDK for Python in Lambda: a facade stands for the function's segment, which Lambda itself sends."""

import json
import os
import time

from story import DAEMON, documents, equal, new_id, new_trace_id, run

os.environ.setdefault("LAMBDA_TASK_ROOT", "/var/task")
os.environ["AWS_XRAY_DAEMON_ADDRESS"] = DAEMON

from traces import entities, trace_when, xray  # noqa: E402  before the SDK patches anything
from aws_xray_sdk.core import xray_recorder  # noqa: E402  the SDK looks at its environment when it is loaded


def handler():
    """The user's code."""
    with xray_recorder.in_subsegment("work") as work:
        work.put_annotation("order", 1234)
        with xray_recorder.in_subsegment("step") as step:
            pass
    with xray_recorder.in_subsegment("more") as more:
        pass
    return work.id, step.id, more.id


def invocations():
    """two invocations: subsegments stand below the segment that Lambda sends, and no facade is among them"""
    for _ in range(2):
        trace_id, service_id, function_id = new_trace_id(), new_id(), new_id()
        os.environ["_X_AMZN_TRACE_ID"] = "Root=%s;Parent=%s;Sampled=1" % (trace_id, function_id)
        work, step, more = handler()

        now = time.time()
        shared = {"name": "checkout", "trace_id": trace_id, "start_time": now - 1, "end_time": now + 1}
        service = dict(shared, id=service_id, origin="AWS::Lambda")
        function = dict(shared, id=function_id, parent_id=service_id, origin="AWS::Lambda::Function")
        texts = [json.dumps(service), json.dumps(function)]
        equal(xray.put_trace_segments(TraceSegmentDocuments=texts)["UnprocessedTraceSegments"], [], "unprocessed")

        trace = trace_when(trace_id, lambda trace: len(entities(trace)) >= 5)
        found = entities(trace)
        equal(set(found), {service_id, function_id, work, step, more}, "the entities")
        equal({document["name"] for document in documents(trace)}, {"checkout"}, "the segments")
        equal([child["id"] for child in found[function_id]["subsegments"]], [work, more], "the function's children")
        equal([child["id"] for child in found[work]["subsegments"]], [step], "the children of work")
        equal(found[work]["annotations"], {"order": 1234}, "annotations")


run([invocations])
