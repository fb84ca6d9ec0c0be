"""The X-Ray SDK for Python takes a sampling rule from us, samples by it, and reports what it did."""

import time

import boto3
from aws_xray_sdk.core import xray_recorder
from aws_xray_sdk.core.sampling.sampler import DefaultSampler
from story import DAEMON, check, equal, run
from traces import entities, trace_when

xray = boto3.client("xray")
SERVICE, RULE, COUNT = "python-sampled", "python-sampled", 20
RULES = dict(ResourceARN="*", ServiceType="*", Host="*", HTTPMethod="*", Version=1, ServiceName=SERVICE)

sampler = DefaultSampler()


def until(found, what, seconds=40):
    ends = time.time() + seconds
    while not found():
        check(time.time() < ends, "waited %d s for %s" % (seconds, what))
        time.sleep(0.1)


def make_rules():
    """two rules: everything below /orders is sampled, nothing else"""
    for name, priority, rate, path in [(RULE, 2, 1, "/orders*"), ("python-none", 3, 0, "*")]:
        fields = dict(RULES, RuleName=name, Priority=priority, FixedRate=rate, ReservoirSize=0, URLPath=path)
        xray.create_sampling_rule(SamplingRule=fields)
    # The SDK asks unsigned, as it would ask the daemon.
    xray_recorder.configure(
        service=SERVICE, daemon_address=DAEMON, sampling=True, sampler=sampler, context_missing="LOG_ERROR"
    )
    sampler.start()
    until(lambda: RULE in [rule.name for rule in sampler._cache.rules], "the rules")


def decide():
    """it decides by them, and says so in the documents"""
    asked = {"host": "shop", "method": "GET", "service": SERVICE}
    decisions = [sampler.should_trace(dict(asked, path="/orders/%d" % index)) for index in range(COUNT - 1)]
    equal(decisions, [RULE] * (COUNT - 1), "decisions about /orders")
    equal([sampler.should_trace(dict(asked, path="/cart")) for _ in range(5)], [False] * 5, "decisions about /cart")
    decision = sampler.should_trace(dict(asked, path="/orders"))
    recorded = xray_recorder.begin_segment(SERVICE, sampling=1)
    recorded.set_rule_name(decision)
    xray_recorder.end_segment()
    trace = trace_when(recorded.trace_id, lambda trace: recorded.id in entities(trace))
    equal(entities(trace)[recorded.id]["aws"]["xray"]["sampling_rule_name"], RULE, "the rule in the document")


def reported():
    """it reports to us, and takes its share from us"""

    def windows(rule):
        found = xray.get_sampling_statistic_summaries()["SamplingStatisticSummaries"]
        return [window for window in found if window["RuleName"] == rule]

    until(lambda: windows(RULE) and windows("python-none"), "its report")
    for rule, requests, sampled in [(RULE, COUNT, COUNT), ("python-none", 5, 0)]:
        sums = [sum(window[name] for window in windows(rule)) for name in ("RequestCount", "SampledCount")]
        equal(sums, [requests, sampled], "counts of %s" % rule)
    own = [rule for rule in sampler._cache.rules if rule.name == RULE][0]
    until(lambda: own.reservoir.TTL is not None, "its share")
    equal(own.reservoir.quota, 0, "its share of an empty reservoir")


def remove_rules():
    """the rules go again"""
    for name in (RULE, "python-none"):
        equal(xray.delete_sampling_rule(RuleName=name)["SamplingRuleRecord"]["SamplingRule"]["RuleName"], name, "name")


run([make_rules, decide, reported, remove_rules])
