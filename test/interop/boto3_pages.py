"""boto3's paginator over 10,000 traces with filters, while documents keep arriving: no gap, no repeat."""

import json
import threading
import time

import boto3
from story import check, equal, new_id, run, segment

COUNT = 10_000
#: The traces began in these seconds, so that many share one.
SECONDS = 400
START = int(time.time()) - 3600
WINDOW = {"StartTime": START, "EndTime": START + SECONDS}

xray = boto3.client("xray")


def trace_id(second):
    return "1-%08x-%s" % (START + second, new_id() + new_id()[:8])


def put(client, docs):
    texts = [json.dumps(document) for document in docs]
    for at in range(0, len(texts), 50):
        answer = client.put_trace_segments(TraceSegmentDocuments=texts[at : at + 50])
        equal(answer["UnprocessedTraceSegments"], [], "unprocessed segments")


def whole(one, number):
    """A trace of one segment: every sixth has a user, every seventh a fault, each an annotation."""
    start = int(one[2:10], 16) + (number % 10) / 10
    return segment(
        trace_id=one,
        name="shop" if number % 2 else "bank",
        start_time=start,
        end_time=start + 0.25,
        user="alice" if number % 6 == 0 else None,
        fault=True if number % 7 == 0 else None,
        annotations={"number": number % 10},
        http={"request": {"method": "GET" if number % 8 else "PUT"}},
    )


#: The traces that are there before anybody asks.
IDS = [trace_id(number * 7 % SECONDS) for number in range(COUNT)]

#: An expression, and which traces it finds. The last can only be answered by looking at each.
FILTERS = [
    ('user = "alice"', lambda number: number % 6 == 0),
    ('service("shop") { fault }', lambda number: number % 14 == 7),
    ("annotation.number >= 8 AND !fault", lambda number: number % 10 >= 8 and number % 7 != 0),
    ('http.method = "PUT"', lambda number: number % 8 == 0),
]


class Arrivals:
    """Sends until it is left: more documents of traces that are there, and new traces anywhere in the window."""

    def __enter__(self):
        self.sent = {}
        self.calls = 0
        self.errors = []
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.send)
        self.thread.start()
        return self

    def send(self):
        client = boto3.session.Session().client("xray")
        try:
            while not self.stopped.is_set():
                docs = []
                for at in range(10):
                    number = self.calls * 10 + at
                    new = trace_id(number * 13 % SECONDS)
                    self.sent[new] = number
                    docs.append(whole(new, number))
                    # A call that changes no answer, of traces before and after the page that is read.
                    old = IDS[number * 101 % COUNT]
                    start = int(old[2:10], 16)
                    times = {"start_time": start + 5, "end_time": start + 6}
                    docs.append(segment(trace_id=old, name="late", parent_id=new_id(), **times))
                put(client, docs)
                self.calls += 1
                self.stopped.wait(0.1)
        except Exception as error:  # the test tells
            self.errors.append(error)

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()


def write():
    """10,000 traces are taken"""
    put(xray, [whole(one, number) for number, one in enumerate(IDS)])


def paged(**arguments):
    pages = xray.get_paginator("get_trace_summaries").paginate(**WINDOW, **arguments)
    found = [line["Id"] for page in pages for line in page["TraceSummaries"]]
    check(len(found) == len(set(found)), "%d repeats" % (len(found) - len(set(found))))
    return found


def order(one):
    return (one[2:10], one)


def while_documents_arrive():
    """each filter finds every trace that was there, each once, in order, and of the new ones only those that match"""
    began = time.time()
    with Arrivals() as arrivals:
        for expression, matches in FILTERS:
            wanted = {one for number, one in enumerate(IDS) if matches(number)}
            found = paged(FilterExpression=expression)
            old = [one for one in found if one not in arrivals.sent]
            equal(len(wanted - set(old)), 0, "gaps of %s" % expression)
            equal(len(set(old) - wanted), 0, "traces that %s does not mean" % expression)
            equal(found, sorted(found, key=order, reverse=True), "the order")
            new = [arrivals.sent[one] for one in found if one in arrivals.sent]
            check(all(matches(number) for number in new), "new traces that %s does not mean" % expression)
        for kind in ["Event", "Service"]:
            wanted = {one for number, one in enumerate(IDS) if number % 14 == 7}
            found = paged(FilterExpression='service("shop") { fault }', TimeRangeType=kind)
            # What ends in the second after the window is not in it.
            inside = {one for one in wanted if int(one[2:10], 16) < START + SECONDS - 1}
            equal(len(inside - set(found)), 0, "gaps by %s" % kind)
    equal(arrivals.errors, [], "errors of the writer")
    check(arrivals.calls > 10, "documents arrived meanwhile: %d calls" % arrivals.calls)
    print("    %d calls arrived in %.1f s" % (arrivals.calls, time.time() - began))


def afterwards():
    """nothing has been lost: the window has all traces, old and new"""
    found = paged()
    check(set(IDS) <= set(found), "%d traces are missing" % len(set(IDS) - set(found)))


run([write, while_documents_arrive, afterwards])
