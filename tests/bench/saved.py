"""Saved logs of other shapes, and the other side that cuts a table: for tests/bench/run.

As a program: `saved.py FILE` does with Python's csv and json what an investigator's script does
with Log Analytics' CSV: the time, operation, caller, status and role of each row as a line of JSON.
"""
import csv
import json
import random
import sys

SUB = "/subscriptions/bbbbbbbb-0000-4000-8000-000000000002"
VM = SUB + "/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm"
ROLES = "/providers/Microsoft.Authorization/roleDefinitions/"
UPN = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
PAGE = 200  # events in a page of the service

# What jq does with an event: the same cut.
JQ = ('{time: .eventTimestamp, operation: .operationName.value, caller, status: .status.value, '
      'role: (.properties.requestbody | fromjson | .properties.roleDefinitionId)}')


def event(i, rng):
    """One of twenty assigns a role; the others are what a log is full of."""
    assigns = i % 20 == 0
    action = "Microsoft.Authorization/roleAssignments/write" if assigns else \
        "Microsoft.Compute/virtualMachines/write"
    body = {"properties": {"tags": {"a": "b" * 200}}}
    if assigns:
        body = {"properties": {"principalId": "dddddddd-0000-4000-8000-%012d" % i,
                               "roleDefinitionId": ROLES + "acdd72a7-3385-48ef-bd42-f606fba81ae7",
                               "scope": SUB}}
    caller = "user%d@contoso.example" % (i % 97)
    guid = lambda: "%08x-0000-4000-8000-%012x" % (rng.getrandbits(32), rng.getrandbits(48))
    return {"authorization": {"action": action, "scope": VM + str(i)}, "caller": caller,
            "channels": "Operation",
            "claims": {"aud": "https://management.core.windows.net/", "ipaddr": "203.0.113.7",
                       "uti": "%032x" % rng.getrandbits(128), UPN: caller},
            "correlationId": guid(), "description": "", "eventDataId": guid(),
            "eventName": {"value": "EndRequest", "localizedValue": "End request"},
            "httpRequest": {"clientIpAddress": "203.0.113.7", "method": "PUT"},
            "operationName": {"value": action, "localizedValue": "Create or Update"},
            "properties": {"requestbody": json.dumps(body), "message": action},
            "resourceId": VM + str(i), "status": {"value": "Succeeded"},
            "eventTimestamp": "2026-01-09T%02d:%02d:%02d.1234567Z" % (i // 3600 % 24,
                                                                     i // 60 % 60, i % 60)}


def row(e):
    """The event as Log Analytics' table has it."""
    return {"TimeGenerated": e["eventTimestamp"], "OperationNameValue": e["operationName"]["value"],
            "ActivityStatusValue": "Success", "Caller": e["caller"],
            "CallerIpAddress": e["httpRequest"]["clientIpAddress"],
            "CorrelationId": e["correlationId"], "EventDataId": e["eventDataId"],
            "Authorization": json.dumps(e["authorization"]), "Claims": json.dumps(e["claims"]),
            "Properties": json.dumps(e["properties"]), "_ResourceId": e["resourceId"]}


def write(folder, events):
    """Three files: Splunk's dump, Invoke-AzRestMethod's pages, Log Analytics' CSV."""
    rng, page = random.Random(1), []
    paths = [folder / name for name in ("splunk.ndjson", "content.ndjson", "table.csv")]
    with open(paths[0], "w") as splunk, open(paths[1], "w") as pages, \
            open(paths[2], "w", newline="") as out:
        table = None
        for i in range(events):
            e = event(i, rng)
            splunk.write(json.dumps({"preview": False, "result": {
                "_raw": json.dumps(e), "sourcetype": "azure:activity"}}) + "\n")
            page.append(e)
            if len(page) == PAGE or i + 1 == events:
                pages.write(json.dumps({"StatusCode": 200,
                                        "Content": json.dumps({"value": page})}) + "\n")
                page = []
            if table is None:
                table = csv.DictWriter(out, list(row(e)))
                table.writeheader()
            table.writerow(row(e))
    return paths


def cut(path):
    csv.field_size_limit(1 << 30)
    with open(path, newline="", encoding="utf-8-sig") as file:
        for r in csv.DictReader(file):
            body = json.loads(json.loads(r["Properties"])["requestbody"])
            print(json.dumps({"time": r["TimeGenerated"], "operation": r["OperationNameValue"],
                              "caller": r["Caller"], "status": r["ActivityStatusValue"],
                              "role": body["properties"].get("roleDefinitionId")}))


if __name__ == "__main__":
    cut(sys.argv[1])
