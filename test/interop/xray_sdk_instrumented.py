"""The X-Ray SDK for Python with its instrumentation: requests, http.client, botocore and sqlite3."""

import http.client
import logging
import sqlite3

import boto3
import requests
from aws_xray_sdk.core import patch, xray_recorder
from botocore.exceptions import ClientError
from local_server import local_server
from story import DAEMON, check, equal, new_trace_id, run
from traces import segment_when_complete

patch(["requests", "httplib", "botocore", "sqlite3"])
# Traces are read back through the patched botocore, outside of any segment, of which the SDK would warn.
logging.getLogger("aws_xray_sdk").setLevel(logging.ERROR)
xray_recorder.configure(service="python-shop", daemon_address=DAEMON, sampling=False, context_missing="IGNORE_ERROR")


def subsegments_of(name, work):
    """What `work` adds to a segment of its own, as it comes back."""
    recorded = xray_recorder.begin_segment(name)
    try:
        work()
    finally:
        xray_recorder.end_segment()
    return recorded, segment_when_complete(recorded).get("subsegments", [])


def with_requests():
    """requests: an answer, a fault, and a connection that is refused"""
    with local_server() as (port, headers):

        def work():
            requests.get("http://127.0.0.1:%d/200" % port, timeout=5)
            requests.get("http://127.0.0.1:%d/503" % port, timeout=5)

        recorded, calls = subsegments_of("python-requests", work)
        equal([call["namespace"] for call in calls], ["remote", "remote"], "namespaces")
        equal([call["http"]["response"]["status"] for call in calls], [200, 503], "statuses")
        # The SDK writes the method as requests' own functions pass it on.
        equal(calls[0]["http"]["request"], {"url": "http://127.0.0.1:%d/200" % port, "method": "get"}, "the request")
        equal(calls[1]["fault"], True, "fault")
        check(all("Root=%s;" % recorded.trace_id in header for header in headers), "tracing headers: %r" % headers)

    def refused():
        try:
            requests.get("http://127.0.0.1:%d/200" % port, timeout=5)
        except requests.ConnectionError:
            pass

    _, calls = subsegments_of("python-refused", refused)
    equal((calls[0]["fault"], calls[0]["cause"]["exceptions"][0]["type"]), (True, "ConnectionError"), "the cause")


def with_http_client():
    """http.client: a call, of which this SDK makes several subsegments"""
    with local_server() as (port, _):

        def work():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/404")
            connection.getresponse().read()
            connection.close()

        _, calls = subsegments_of("python-httplib", work)
    statuses = [call["http"]["response"]["status"] for call in calls if "response" in call.get("http", {})]
    check(404 in statuses, "the answer's status: %r" % calls)
    check(any(call.get("error") for call in calls), "error")


def with_botocore():
    """botocore: a call of the AWS SDK that is answered, and one that is refused"""
    traced_xray = boto3.client("xray")

    def work():
        traced_xray.batch_get_traces(TraceIds=[new_trace_id()])
        try:
            traced_xray.batch_get_traces(TraceIds=[new_trace_id() for _ in range(6)])
        except ClientError as error:
            equal(error.response["Error"]["Code"], "InvalidRequestException", "the code")

    _, calls = subsegments_of("python-botocore", work)
    equal([call["name"] for call in calls], ["xray", "xray"], "names")
    equal([call["aws"]["operation"] for call in calls], ["BatchGetTraces"] * 2, "operations")
    equal([call["http"]["response"]["status"] for call in calls], [200, 400], "statuses")
    equal(calls[0]["aws"]["region"], "us-east-1", "region")
    check(calls[0]["aws"]["request_id"], "request id")
    check(calls[1].get("error") or calls[1].get("fault"), "error: %r" % calls[1])


def with_sqlite():
    """sqlite3: a query that is answered, and one that fails"""

    def work():
        connection = sqlite3.connect(":memory:")
        connection.execute("SELECT 42").fetchall()
        try:
            connection.execute("SELECT * FROM missing")
        except sqlite3.OperationalError:
            pass

    _, calls = subsegments_of("python-sql", work)
    equal(len(calls), 2, "queries")
    equal([call["namespace"] for call in calls], ["remote", "remote"], "namespaces")
    equal(calls[0]["sql"]["database_type"], "sqlite3", "the database")
    equal((calls[1]["fault"], calls[1]["cause"]["exceptions"][0]["type"]), (True, "OperationalError"), "the cause")


run([with_requests, with_http_client, with_botocore, with_sqlite])
