"""boto3 against a running server: the life of each thing that one configures, from the first call to the last."""

import json
import time
from datetime import datetime, timezone

import boto3
from botocore.exceptions import ClientError
from story import check, equal, new_id, new_trace_id, run, segment

# An account of its own: what is set here concerns no other client.
ACCOUNT = "400000000001"
xray = boto3.client("xray", aws_access_key_id=ACCOUNT, aws_secret_access_key="none")
INVALID = "InvalidRequestException"


def refused(code, message, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        equal(error.response["Error"]["Code"], code, "code of %r" % message)
        check(message in error.response["Error"]["Message"], "%r is not in %s" % (message, error))
        check(isinstance(error, getattr(xray.exceptions, code)), "boto3's own class for %s" % code)
        return error
    raise AssertionError("no error; expected %s: %s" % (code, message))


def groups():
    """a group: made, read, listed, changed, deleted"""
    made = xray.create_group(
        GroupName="slow", FilterExpression="responsetime > 5", Tags=[{"Key": "team", "Value": "shop"}]
    )["Group"]
    arn = made["GroupARN"]
    check(arn.startswith("arn:aws:xray:us-east-1:%s:group/slow/" % ACCOUNT), arn)
    equal(made["InsightsConfiguration"], {"InsightsEnabled": False, "NotificationsEnabled": False}, "insights")
    refused(INVALID, "already exist", xray.create_group, GroupName="slow", FilterExpression="fault")
    refused(INVALID, "Error Location: line 1", xray.create_group, GroupName="x", FilterExpression="response_time > 1")
    equal(xray.get_group(GroupARN=arn)["Group"], made, "the group by its ARN")
    changed = xray.update_group(GroupName="slow", FilterExpression="fault")["Group"]
    equal(changed, dict(made, FilterExpression="fault"), "the group after the change")
    listed = xray.get_paginator("get_groups").paginate().build_full_result()["Groups"]
    equal([group["GroupName"] for group in listed], ["Default", "slow"], "all groups")
    equal(xray.list_tags_for_resource(ResourceARN=arn)["Tags"], [{"Key": "team", "Value": "shop"}], "tags")
    xray.delete_group(GroupName="slow")
    refused(INVALID, "Group not found", xray.get_group, GroupName="slow")
    refused("ResourceNotFoundException", arn, xray.list_tags_for_resource, ResourceARN=arn)


RULE = {
    "RuleName": "orders",
    "ResourceARN": "*",
    "Priority": 10,
    "FixedRate": 0.5,
    "ReservoirSize": 4,
    "ServiceName": "shop",
    "ServiceType": "*",
    "Host": "*",
    "HTTPMethod": "POST",
    "URLPath": "/orders*",
    "Version": 1,
    "Attributes": {"tier": "gold"},
}


def rules():
    """a sampling rule: made, listed, changed, used, deleted"""
    made = xray.create_sampling_rule(SamplingRule=RULE)["SamplingRuleRecord"]
    arn = "arn:aws:xray:us-east-1:%s:sampling-rule/orders" % ACCOUNT
    equal(made["SamplingRule"], dict(RULE, RuleARN=arn), "the rule")
    check(abs((datetime.now(timezone.utc) - made["CreatedAt"]).total_seconds()) < 60, "the time")
    refused(INVALID, "already exists", xray.create_sampling_rule, SamplingRule=RULE)
    record = xray.update_sampling_rule(SamplingRuleUpdate={"RuleARN": arn, "FixedRate": 0.25})["SamplingRuleRecord"]
    equal(record["SamplingRule"]["FixedRate"], 0.25, "the rate")
    listed = xray.get_paginator("get_sampling_rules").paginate().build_full_result()["SamplingRuleRecords"]
    equal(sorted(one["SamplingRule"]["RuleName"] for one in listed), ["Default", "orders"], "all rules")
    counts = {"RequestCount": 9, "SampledCount": 4, "BorrowCount": 1}
    document = dict(counts, RuleName="orders", ClientID="0123456789abcdef01234567", Timestamp=time.time())
    answer = xray.get_sampling_targets(SamplingStatisticsDocuments=[document, dict(document, RuleName="none")])
    (target,) = answer["SamplingTargetDocuments"]
    equal((target["RuleName"], target["FixedRate"], target["ReservoirQuota"]), ("orders", 0.25, 4), "the target")
    equal([one["ErrorCode"] for one in answer["UnprocessedStatistics"]], ["404"], "what was not processed")
    since = (answer["LastRuleModification"] - record["ModifiedAt"]).total_seconds()
    check(0 <= since < 1, "the time of the last change is %f s off" % since)
    pages = xray.get_paginator("get_sampling_statistic_summaries").paginate().build_full_result()
    (summary,) = pages["SamplingStatisticSummaries"]
    equal({name: summary[name] for name in counts}, counts, "the statistics")
    gone = xray.delete_sampling_rule(RuleName="orders")["SamplingRuleRecord"]
    equal(gone["SamplingRule"]["RuleName"], "orders", "what was deleted")
    refused(INVALID, "does not exist", xray.delete_sampling_rule, RuleName="orders")
    refused(INVALID, "cannot be deleted", xray.delete_sampling_rule, RuleName="Default")


def tags():
    """tags: added, replaced, removed, too many, of nothing"""
    arn = xray.create_group(GroupName="tagged", FilterExpression="fault")["Group"]["GroupARN"]
    xray.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}])
    xray.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "2"}])
    xray.untag_resource(ResourceARN=arn, TagKeys=["b", "c"])
    equal(xray.list_tags_for_resource(ResourceARN=arn)["Tags"], [{"Key": "a", "Value": "2"}], "tags")
    many = [{"Key": str(index), "Value": ""} for index in range(50)]
    error = refused("TooManyTagsException", "50", xray.tag_resource, ResourceARN=arn, Tags=many)
    equal(error.response["ResourceName"], arn, "the resource of the error")
    error = refused("ResourceNotFoundException", "", xray.tag_resource, ResourceARN="arn:none", Tags=many[:1])
    equal(error.response["ResponseMetadata"]["HTTPStatusCode"], 404, "status")
    xray.delete_group(GroupARN=arn)


def encryption():
    """the encryption configuration: none, a key, none"""
    equal(xray.get_encryption_config()["EncryptionConfig"], {"Type": "NONE", "Status": "ACTIVE"}, "at first")
    put = xray.put_encryption_config(Type="KMS", KeyId="alias/traces")["EncryptionConfig"]
    arn = "arn:aws:kms:us-east-1:%s:alias/traces" % ACCOUNT
    equal(put, {"Type": "KMS", "Status": "UPDATING", "KeyId": arn}, "what was put")
    equal(xray.get_encryption_config()["EncryptionConfig"], dict(put, Status="ACTIVE"), "afterwards")
    refused(INVALID, "KeyId", xray.put_encryption_config, Type="KMS")
    xray.put_encryption_config(Type="NONE")
    equal(xray.get_encryption_config()["EncryptionConfig"], {"Type": "NONE", "Status": "ACTIVE"}, "at last")


def policies():
    """a resource policy: put, put again, listed, deleted"""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "xray:PutTraceSegments", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = xray.put_resource_policy(PolicyName="p", PolicyDocument=text, PolicyRevisionId="0")["ResourcePolicy"]
    equal((made["PolicyDocument"], made["PolicyRevisionId"]), (text, "1"), "the policy")
    stale = dict(PolicyName="p", PolicyDocument=text, PolicyRevisionId="7")
    refused("InvalidPolicyRevisionIdException", "", xray.put_resource_policy, **stale)
    refused("MalformedPolicyDocumentException", "", xray.put_resource_policy, PolicyName="q", PolicyDocument="{}")
    deny = json.dumps({"Version": "2012-10-17", "Statement": [dict(statement, Effect="Deny", Action="xray:*")]})
    refused("LockoutPreventionException", "", xray.put_resource_policy, PolicyName="q", PolicyDocument=deny)
    equal(xray.put_resource_policy(PolicyName="p", PolicyDocument=text)["ResourcePolicy"]["PolicyRevisionId"], "2", "2")
    pages = xray.get_paginator("list_resource_policies").paginate().build_full_result()
    equal([policy["PolicyName"] for policy in pages["ResourcePolicies"]], ["p"], "all policies")
    xray.delete_resource_policy(PolicyName="p", PolicyRevisionId="2")
    equal(xray.list_resource_policies()["ResourcePolicies"], [], "no policies")


def destination():
    """the destination and the indexing rule: changed, and back"""
    first = xray.get_trace_segment_destination()
    equal((first["Destination"], first["Status"]), ("XRay", "ACTIVE"), "at first")
    refused(
        INVALID, "The destination is already set to XRay", xray.update_trace_segment_destination, Destination="XRay"
    )
    for wanted in ("CloudWatchLogs", "XRay"):
        answer = xray.update_trace_segment_destination(Destination=wanted)
        equal((answer["Destination"], answer["Status"]), (wanted, "PENDING"), "the change")
        ends = time.time() + 20
        while xray.get_trace_segment_destination()["Status"] != "ACTIVE":
            check(time.time() < ends, "waited 20 s for the change")
            time.sleep(0.1)
    rule = {"Probabilistic": {"DesiredSamplingPercentage": 12.5}}
    updated = xray.update_indexing_rule(Name="Default", Rule=rule)["IndexingRule"]
    equal(updated["Rule"]["Probabilistic"]["DesiredSamplingPercentage"], 12.5, "the percentage")
    equal(xray.get_indexing_rules()["IndexingRules"], [updated], "all indexing rules")
    refused("ResourceNotFoundException", "does not exist", xray.update_indexing_rule, Name="Other", Rule=rule)


def retrieval():
    """a retrieval: started, complete, its pages, its graph, not to be cancelled any more"""
    trace, now = new_trace_id(), time.time()
    document = segment(trace_id=trace, id=new_id(), name="retrieved")
    xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(document)])
    window = {"StartTime": now - 60, "EndTime": now + 60}
    token = xray.start_trace_retrieval(TraceIds=[trace, new_trace_id()], **window)["RetrievalToken"]
    ends = time.time() + 30
    answer = xray.list_retrieved_traces(RetrievalToken=token)
    while answer["RetrievalStatus"] in ("SCHEDULED", "RUNNING"):
        equal(answer["Traces"], [], "traces before the end")
        check(time.time() < ends, "waited 30 s for the retrieval")
        time.sleep(0.1)
        answer = xray.list_retrieved_traces(RetrievalToken=token)
    equal(answer["RetrievalStatus"], "COMPLETE", "the status")
    ((found, spans),) = [(one["Id"], one["Spans"]) for one in answer["Traces"]]
    equal((found, [span["Id"] for span in spans]), (trace, [document["id"]]), "the trace")
    otel = xray.list_retrieved_traces(RetrievalToken=token, TraceFormat="OTEL")
    equal(json.loads(otel["Traces"][0]["Spans"][0]["Document"])["name"], "retrieved", "the span")
    graph = xray.get_retrieved_traces_graph(RetrievalToken=token)
    equal({one["Service"]["Name"] for one in graph["Services"]}, {"retrieved"}, "the graph")
    refused(INVALID, "COMPLETE", xray.cancel_trace_retrieval, RetrievalToken=token)
    refused("ResourceNotFoundException", "", xray.list_retrieved_traces, RetrievalToken="none")


run([groups, rules, tags, encryption, policies, destination, retrieval])
