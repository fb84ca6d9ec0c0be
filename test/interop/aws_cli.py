"""The AWS CLI: traces, the life of each thing that one configures, and an error's exit code."""

import json
import os
import shlex
import subprocess
import time

from story import REFERENCE_ID, documents, check, equal, new_trace_id, run, segment

AWS = shlex.split(os.environ["RADIOGRAPH_TEST_AWS"])
TRACE_ID = new_trace_id()


# An account of its own: what is set here concerns no other client.
os.environ["AWS_ACCESS_KEY_ID"] = "400000000002"


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


def done(*arguments):
    code, answer, stderr = aws(*arguments)
    equal(code, 0, stderr or "the exit code of %s" % arguments[0])
    return answer


def refused(code, *arguments):
    exit_code, _, stderr = aws(*arguments)
    check(exit_code != 0 and code in stderr, "%s was expected: %s" % (code, stderr))


def groups_and_tags():
    """a group and its tags: made, read, changed, deleted"""
    tags = ["--tags", "Key=team,Value=shop"]
    made = done("create-group", "--group-name", "cli", "--filter-expression", "fault", *tags)["Group"]
    arn = made["GroupARN"]
    done("update-group", "--group-name", "cli", "--filter-expression", "error")
    equal(done("get-group", "--group-arn", arn)["Group"]["FilterExpression"], "error", "the expression")
    equal([one["GroupName"] for one in done("get-groups")["Groups"]], ["Default", "cli"], "all groups")
    done("tag-resource", "--resource-arn", arn, "--tags", "Key=stage,Value=test")
    done("untag-resource", "--resource-arn", arn, "--tag-keys", "team")
    listed = done("list-tags-for-resource", "--resource-arn", arn)["Tags"]
    equal(listed, [{"Key": "stage", "Value": "test"}], "tags")
    done("delete-group", "--group-name", "cli")
    refused("Group not found", "get-group", "--group-name", "cli")


def rules():
    """a sampling rule: made, listed, changed, deleted"""
    rule = {
        "RuleName": "cli",
        "ResourceARN": "*",
        "Priority": 5,
        "FixedRate": 0.1,
        "ReservoirSize": 1,
        "ServiceName": "*",
        "ServiceType": "*",
        "Host": "*",
        "HTTPMethod": "*",
        "URLPath": "*",
        "Version": 1,
    }
    done("create-sampling-rule", "--sampling-rule", json.dumps(rule))
    done("update-sampling-rule", "--sampling-rule-update", json.dumps({"RuleName": "cli", "FixedRate": 0.2}))
    listed = done("get-sampling-rules")["SamplingRuleRecords"]
    equal(
        [(one["SamplingRule"]["RuleName"], one["SamplingRule"]["FixedRate"]) for one in listed],
        [("cli", 0.2), ("Default", 0.05)],
        "all rules",
    )
    equal(done("get-sampling-statistic-summaries")["SamplingStatisticSummaries"], [], "statistics")
    done("delete-sampling-rule", "--rule-name", "cli")
    refused("does not exist", "delete-sampling-rule", "--rule-name", "cli")


def encryption_and_policies():
    """the encryption configuration, and a resource policy"""
    done("put-encryption-config", "--type", "KMS", "--key-id", "alias/cli")
    check(done("get-encryption-config")["EncryptionConfig"]["KeyId"].endswith(":alias/cli"), "the key")
    done("put-encryption-config", "--type", "NONE")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "xray:PutTraceSegments", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    done("put-resource-policy", "--policy-name", "cli", "--policy-document", policy)
    listed = done("list-resource-policies")["ResourcePolicies"]
    equal([(one["PolicyName"], one["PolicyDocument"]) for one in listed], [("cli", policy)], "all policies")
    done("delete-resource-policy", "--policy-name", "cli")
    refused("MalformedPolicyDocument", "put-resource-policy", "--policy-name", "cli", "--policy-document", "{}")


def destination_and_retrieval():
    """the destination, the indexing rule, and a retrieval"""
    desired = {"Probabilistic": {"DesiredSamplingPercentage": 100}}
    done("update-indexing-rule", "--name", "Default", "--rule", json.dumps(desired))
    (rule,) = done("get-indexing-rules")["IndexingRules"]
    equal(rule["Rule"]["Probabilistic"]["DesiredSamplingPercentage"], 100, "the percentage")
    refused("already set to XRay", "update-trace-segment-destination", "--destination", "XRay")
    done("update-trace-segment-destination", "--destination", "CloudWatchLogs")
    equal(done("get-trace-segment-destination")["Destination"], "CloudWatchLogs", "the destination")
    now = int(time.time())
    times = ["--start-time", str(now - 600), "--end-time", str(now + 600)]
    token = done("start-trace-retrieval", "--trace-ids", TRACE_ID, *times)["RetrievalToken"]
    ends = time.time() + 60
    answer = done("list-retrieved-traces", "--retrieval-token", token)
    while answer["RetrievalStatus"] in ("SCHEDULED", "RUNNING"):
        check(time.time() < ends, "waited 60 s for the retrieval")
        answer = done("list-retrieved-traces", "--retrieval-token", token)
    equal([one["Id"] for one in answer["Traces"]], [TRACE_ID], "the traces")
    graph = done("get-retrieved-traces-graph", "--retrieval-token", token)
    check("cli" in {one["Service"]["Name"] for one in graph["Services"]}, "the graph")
    refused("ResourceNotFound", "cancel-trace-retrieval", "--retrieval-token", "none")


run(
    [put, get, summaries, rejected, groups_and_tags, rules, encryption_and_policies, destination_and_retrieval],
)
