"""The AWS CLI: put-trace-segments, batch-get-traces, get-trace-summaries, and an error's exit code."""

import json
import os
import shlex
import subprocess
import time

from story import REFERENCE_ID, documents, check, equal, new_trace_id, run, segment

AWS = shlex.split(os.environ["RADIOGRAPH_TEST_AWS"])
TRACE_ID = new_trace_id()


def aws(*arguments):
    ran = subprocess.run(
        AWS + ["xray", *arguments, "--output", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        check=False,
    )
    return ran.returncode, json.loads(ran.stdout) if ran.stdout.strip() else None, ran.stderr


def put():
    """put-trace-segments takes a segment and a subsegment"""
    whole = segment(trace_id=TRACE_ID, id=REFERENCE_ID, name="cli")
    part = segment(trace_id=TRACE_ID, parent_id=REFERENCE_ID, type="subsegment", name="step")
    code, answer, stderr = aws("put-trace-segments", "--trace-segment-documents", json.dumps(whole), json.dumps(part))
    equal((code, answer), (0, {"UnprocessedTraceSegments": []}), stderr or "the answer")


def get():
    """batch-get-traces has them, merged"""
    code, answer, stderr = aws("batch-get-traces", "--trace-ids", TRACE_ID, new_trace_id())
    equal(code, 0, stderr or "the exit code")
    check(len(answer["UnprocessedTraceIds"]) == 1, "one id is unknown")
    (document,) = documents(answer["Traces"][0])
    equal((document["id"], document["subsegments"][0]["name"]), (REFERENCE_ID, "step"), "the document")


def summaries():
    """get-trace-summaries lists the trace"""
    now = int(time.time())
    code, answer, stderr = aws("get-trace-summaries", "--start-time", str(now - 60), "--end-time", str(now + 60))
    equal(code, 0, stderr or "the exit code")
    (line,) = [line for line in answer["TraceSummaries"] if line["Id"] == TRACE_ID]
    equal((line["IsPartial"], line["EntryPoint"]["Name"]), (False, "cli"), "the summary")


def rejected():
    """a rejected document is listed, and a refused call is told with its message"""
    code, answer, _ = aws("put-trace-segments", "--trace-segment-documents", "{}")
    entry = {"ErrorCode": "MissingId", "Message": "Invalid segment. ErrorCode: MissingId"}
    equal((code, answer), (0, {"UnprocessedTraceSegments": [entry]}), "the rejection")
    code, _, stderr = aws("batch-get-traces", "--trace-ids", *[new_trace_id() for _ in range(6)])
    check(code != 0, "six ids are too many")
    check("InvalidRequestException" in stderr and "Exceeding maximum query size: 5" in stderr, stderr)


run([put, get, summaries, rejected])
