"""boto3 against a running server: groups, the service graph, the graph of traces, time series, and what clients need of them."""

import json
import time

import boto3
from botocore.exceptions import ClientError
from story import check, equal, new_id, new_trace_id, run, segment

# A region of its own: a graph is of all traces of its time, and other clients sent some to this server a moment ago.
xray = boto3.client("xray", region_name="eu-central-1")
#: Long enough ago that everything has ended.
BEGAN = time.time() - 30
WINDOW = {"StartTime": BEGAN - 5, "EndTime": BEGAN + 20}
CALLS = 12
IDS = []


def put(*docs):
    texts = [json.dumps(document) for document in docs]
    answer = xray.put_trace_segments(TraceSegmentDocuments=texts)
    equal(answer["UnprocessedTraceSegments"], [], "unprocessed segments")


def write():
    """a shop that calls a bank, and a table; every third request of the bank fails"""
    for number in range(CALLS):
        trace, call, table = new_trace_id(), new_id(), new_id()
        start = BEGAN + number
        fault = number % 3 == 0
        status = {"response": {"status": 500 if fault else 200}}
        IDS.append(trace)
        shop = segment(trace_id=trace, name="shop", start_time=start, end_time=start + 0.5, origin="AWS::EC2::Instance")
        shop["subsegments"] = [
            dict(id=call, name="bank", namespace="remote", start_time=start + 0.1, end_time=start + 0.4, http=status),
            dict(
                id=table,
                name="DynamoDB",
                namespace="aws",
                start_time=start + 0.4,
                end_time=start + 0.45,
                aws={"table_name": "orders", "operation": "GetItem"},
                http={"response": {"status": 200}},
            ),
        ]
        times = {"start_time": start + 0.15, "end_time": start + 0.35}
        put(shop, segment(trace_id=trace, name="bank", parent_id=call, http=status, **times))


def services(**arguments):
    """All pages, as a client walks them."""
    pages = xray.get_paginator("get_service_graph").paginate(**dict(WINDOW, **arguments))
    return [service for page in pages for service in page["Services"]]


def named(found, name):
    return [service for service in found if service.get("Name") == name]


def graph():
    """the graph has the client, both services, the table and their edges; every list is there, every time is a number"""
    found = services()
    equal(sorted(service["Name"] for service in found if service.get("Type") != "client"), ["bank", "orders", "shop"], "nodes")
    check(any(service.get("Type") == "client" for service in found), "the client")
    references = [service["ReferenceId"] for service in found]
    equal(references, sorted(set(references)), "reference ids")
    for service in found:
        check(isinstance(service["Edges"], list), "Edges of %s" % service["Name"])
        edges = service["Edges"]
        if "SummaryStatistics" not in service:
            check(edges and all("SummaryStatistics" in edge for edge in edges), "a node without numbers has edges with some")
        else:
            check(isinstance(service["ResponseTimeHistogram"], list), "a histogram")
        for edge in edges:
            check(edge["ReferenceId"] in references, "edges lead to nodes")
            check(isinstance(edge["Aliases"], list) and isinstance(edge["ResponseTimeHistogram"], list), "lists of edges")
    (bank,) = named(found, "bank")
    statistics = bank["SummaryStatistics"]
    equal(statistics["TotalCount"], CALLS, "requests of the bank")
    equal(statistics["FaultStatistics"]["TotalCount"], CALLS // 3, "its faults")
    equal(statistics["OkCount"], CALLS - CALLS // 3, "what went well")
    check(abs(statistics["TotalResponseTime"] - 0.2 * CALLS) < 0.05, "its time %r" % statistics["TotalResponseTime"])


def graph_of_traces():
    """the graph of one trace counts that trace alone"""
    pages = xray.get_paginator("get_trace_graph").paginate(TraceIds=IDS[:1])
    found = [service for page in pages for service in page["Services"]]
    (bank,) = named(found, "bank")
    equal(bank["SummaryStatistics"]["TotalCount"], 1, "requests of one trace")
    equal(bank["SummaryStatistics"]["FaultStatistics"]["TotalCount"], 1, "which is a fault")


def group():
    """a group is created, filters graph and series, is changed, listed and deleted, with the messages that clients know"""
    created = xray.create_group(GroupName="broken", FilterExpression="service(\"bank\") { fault }")["Group"]
    check(created["GroupARN"].endswith(":group/broken") or ":group/broken/" in created["GroupARN"], created["GroupARN"])
    equal(created["InsightsConfiguration"], {"InsightsEnabled": False, "NotificationsEnabled": False}, "both switches")
    (bank,) = named(services(GroupName="broken"), "bank")
    equal(bank["SummaryStatistics"]["TotalCount"], CALLS // 3, "requests of the group")
    refused("already exist", xray.create_group, GroupName="broken", FilterExpression="fault")
    xray.update_group(GroupName="broken", FilterExpression='service("nobody")')
    equal(services(GroupARN=created["GroupARN"]), [], "the graph of a group that has nothing")
    listed = [one["GroupName"] for page in xray.get_paginator("get_groups").paginate() for one in page["Groups"]]
    equal(sorted(listed), ["Default", "broken"], "groups")
    xray.delete_group(GroupName="broken")
    refused("Group not found", xray.get_group, GroupName="broken")


def refused(text, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        equal(error.response["Error"]["Code"], "InvalidRequestException", "the code")
        check(text in error.response["Error"]["Message"], error.response["Error"]["Message"])
    else:
        check(False, "%s was not refused" % arguments)


def entries(**arguments):
    pages = xray.get_paginator("get_time_series_service_statistics").paginate(**dict(WINDOW, **arguments))
    return [one for page in pages for one in page["TimeSeriesServiceStatistics"]]


def series():
    """time series of clients, of a service and of an edge add up to the graph, by minutes and by five minutes"""
    for period in [60, 300]:
        clients = entries(Period=period)
        equal(sum(one["EdgeSummaryStatistics"]["TotalCount"] for one in clients), CALLS, "requests of clients")
        bank = entries(Period=period, EntitySelectorExpression='service("bank")')
        equal(sum(one["ServiceSummaryStatistics"]["TotalCount"] for one in bank), CALLS, "requests of the bank")
        edge = entries(Period=period, EntitySelectorExpression='edge("shop", "bank")')
        faults = sum(one["EdgeSummaryStatistics"]["FaultStatistics"]["TotalCount"] for one in edge)
        equal(faults, CALLS // 3, "faults along the edge")
        for one in clients + bank + edge:
            equal(one["Timestamp"].timestamp() % period, 0, "periods begin at whole ones")
            check(isinstance(one["ResponseTimeHistogram"], list), "a histogram")


run([write, graph, graph_of_traces, group, series])
