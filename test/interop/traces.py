"""Reads traces back through boto3, once what was sent over UDP has arrived."""

import json
import time

import boto3
from story import check, documents

xray = boto3.client("xray")


def entities(trace):
    """Every entity of a trace by id: segments and all subsegments."""
    found, waiting = {}, documents(trace)
    while waiting:
        entity = waiting.pop()
        found[entity["id"]] = entity
        waiting.extend(entity.get("subsegments", []))
    return found


def trace_when(trace_id, done):
    """UDP is not acknowledged: wait until `done`, at most 15 seconds."""
    give_up_at = time.time() + 15
    while True:
        traces = xray.batch_get_traces(TraceIds=[trace_id])["Traces"]
        if traces and done(traces[0]):
            return traces[0]
        check(time.time() < give_up_at, "trace %s did not arrive whole: %s" % (trace_id, json.dumps(traces)[:500]))
        time.sleep(0.1)


def segment_when_complete(recorded):
    """The segment that the SDK sent, as it comes back."""
    trace = trace_when(recorded.trace_id, lambda trace: "end_time" in entities(trace).get(recorded.id, {}))
    return entities(trace)[recorded.id]
