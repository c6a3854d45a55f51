"""The same 40 events in every shape that a colleague may have saved them in.

`shapes.py bad FOLDER` writes inputs that are damaged or made to harm. `shapes.py write FOLDER` writes one file for each shape. `shapes.py check FOLDER` compares what scan
found in each (FOLDER/SHAPE.found, made by `scan --format ndjson`) with what it finds in the REST
answer: rule, outcome, severity, time, caller, address, role, principal and scope, save what the
shape cannot hold, which is listed with it.
"""
import base64, csv, gzip, io, json, os, re, sys, zipfile
from datetime import datetime, timezone

TENANT = "aaaaaaaa-0000-4000-8000-000000000001"
SUB = "bbbbbbbb-0000-4000-8000-000000000002"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
UPN = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
OID = "http://schemas.microsoft.com/identity/claims/objectidentifier"
AUTHZ = "Microsoft.Authorization/"
TITLES = {AUTHZ + "elevateAccess/action": "Assigns the caller to User Access Administrator role",
          AUTHZ + "roleAssignments/write": "Create role assignment",
          "Microsoft.Compute/virtualMachines/write": "Create or Update Virtual Machine"}


def event(i, operation, scope, status, properties):
    resource = scope
    if operation == AUTHZ + "roleAssignments/write":
        resource = (scope if scope != "/" else "") + "/providers/" + AUTHZ + \
            "roleAssignments/22222222-0000-4000-8000-%012d" % (i // 2)
    if operation == AUTHZ + "elevateAccess/action":
        resource = "/providers/Microsoft.Authorization"
    person = i // 2 % 5
    return {
        "authorization": {"action": operation, "scope": resource},
        "caller": "user%d@contoso.example" % person,
        "channels": "Operation",
        "claims": {UPN: "user%d@contoso.example" % person,
                   OID: "cccccccc-0000-4000-8000-%012d" % person},
        "correlationId": "00000000-0000-4000-8000-%012d" % (i // 2),
        "description": "",
        "eventDataId": "e0000000-0000-4000-8000-%012d" % i,
        "eventName": {"value": "BeginRequest" if status == "Started" else "EndRequest"},
        "category": {"value": "Administrative", "localizedValue": "Administrative"},
        "httpRequest": {"clientIpAddress": "203.0.113.%d" % (person + 1), "method": "PUT"},
        "id": resource + "/events/e0000000-0000-4000-8000-%012d/ticks/1" % i,
        "level": "Informational",
        "resourceProviderName": {"value": "Microsoft.Authorization"},
        "resourceId": resource,
        "operationId": "00000000-0000-4000-8000-%012d" % (i // 2),
        "operationName": {"value": operation, "localizedValue": TITLES[operation]},
        "properties": properties,
        "status": {"value": status, "localizedValue": status},
        "subStatus": {"value": "", "localizedValue": ""},
        "eventTimestamp": "2026-01-%02dT09:%02d:01.1234567Z" % (14 + i // 4, i),
        "submissionTimestamp": "2026-01-%02dT09:%02d:09.1234567Z" % (14 + i // 4, i),
        "subscriptionId": SUB if "/subscriptions/" in scope else "",
        "tenantId": TENANT,
    }


def events():
    scopes = ["/providers/Microsoft.Management/managementGroups/" + TENANT,
              "/providers/Microsoft.Management/managementGroups/plain",
              "/subscriptions/" + SUB, "/subscriptions/" + SUB + "/resourceGroups/rg"]
    made = []
    for i in range(0, 40, 2):
        if i % 8 == 6:
            made.append(event(i, AUTHZ + "elevateAccess/action", "/", "Succeeded",
                              {"hierarchy": TENANT}))
            made.append(event(i + 1, "Microsoft.Compute/virtualMachines/write",
                              "/subscriptions/" + SUB + "/resourceGroups/rg/providers/"
                              "Microsoft.Compute/virtualMachines/vm", "Succeeded",
                              {"hierarchy": TENANT + "/" + SUB}))
            continue
        scope = scopes[i // 2 % 4]
        body = json.dumps({"Id": "x; y=z", "Properties": {
            "PrincipalId": "dddddddd-0000-4000-8000-%012d" % i, "PrincipalType": "User",
            "RoleDefinitionId": "/providers/" + AUTHZ + "roleDefinitions/" + OWNER,
            "Scope": scope}})
        hierarchy = {"hierarchy": TENANT, "eventCategory": "Administrative"}
        made.append(event(i, AUTHZ + "roleAssignments/write", scope, "Started",
                          dict(hierarchy, requestbody=body)))
        made.append(event(i + 1, AUTHZ + "roleAssignments/write", scope, "Succeeded",
                          dict(hierarchy, statusCode="Created")))
    return made


def lines(records):
    return "".join(json.dumps(r) + "\n" for r in records)


def table(e):
    """A row of Log Analytics' AzureActivity."""
    return {"TenantId": "99999999-0000-4000-8000-00000000ffff", "TimeGenerated": e["eventTimestamp"],
            "OperationName": e["operationName"]["localizedValue"],
            "OperationNameValue": e["operationName"]["value"].upper(),
            "ActivityStatusValue": {"Started": "Start", "Succeeded": "Success"}[e["status"]["value"]],
            "Caller": e["caller"], "CallerIpAddress": e["httpRequest"]["clientIpAddress"],
            "CorrelationId": e["correlationId"], "EventDataId": e["eventDataId"],
            "CategoryValue": "Administrative", "Level": "Informational",
            "Authorization": json.dumps(e["authorization"]), "Claims": json.dumps(e["claims"]),
            "HTTPRequest": json.dumps(e["httpRequest"]), "Properties": json.dumps(e["properties"]),
            "Hierarchy": e["properties"]["hierarchy"], "_ResourceId": e["resourceId"].lower()}


def stream(e):
    """A record of a diagnostic setting."""
    return {"time": e["eventTimestamp"], "resourceId": e["resourceId"].upper(),
            "operationName": e["operationName"]["value"].upper(), "category": "Administrative",
            "resultType": {"Started": "Start", "Succeeded": "Success"}[e["status"]["value"]],
            "callerIpAddress": e["httpRequest"]["clientIpAddress"],
            "correlationId": e["correlationId"], "tenantId": TENANT,
            "identity": {"authorization": e["authorization"], "claims": e["claims"]},
            "properties": e["properties"]}


def powershell(e):
    """Az.Monitor's object."""
    plain = lambda v: v["value"] if isinstance(v, dict) and "value" in v else v
    upper = lambda k: k[0].upper() + k[1:]
    o = {upper(k): plain(v) for k, v in e.items()}
    o["Claims"] = {"Content": e["claims"]}
    o["Properties"] = {"Content": e["properties"]}
    o["Authorization"] = {upper(k): v for k, v in e["authorization"].items()}
    o["OperationName"] = e["operationName"]["localizedValue"]
    return o


def powershell_new(e):
    """Az.Monitor's object since version 3."""
    o = powershell(e)
    o["Claim"] = {"Keys": [], "AdditionalProperties": e["claims"]}
    o["Property"] = {"Keys": [], "AdditionalProperties": e["properties"]}
    o["HttpRequestClientIPAddress"] = e["httpRequest"]["clientIpAddress"]
    o["OperationNameValue"] = e["operationName"]["value"]
    o["StatusValue"] = e["status"]["value"]
    for name in ("Claims", "Properties", "Authorization", "HttpRequest"):
        del o[name]
    return o


def nested(v, before=""):
    """All that is in an object, under dotted names."""
    o = {}
    for k, x in v.items():
        o.update(nested(x, before + k + ".") if isinstance(x, dict) else {before + k: x})
    return o


def snake(name):
    return re.sub(r"([A-Z])", lambda m: "_" + m.group(1).lower(), name)


def as_dict(e):
    def walk(v):
        return {snake(k): walk(x) for k, x in v.items()} if isinstance(v, dict) else v
    o = {snake(k): walk(v) for k, v in e.items()}
    o["claims"], o["properties"] = e["claims"], e["properties"]
    return o


def steampipe(e, **more):
    """A row of Steampipe and Tailpipe: as above, of a value and its translation the value alone."""
    return dict({k: v["value"] if isinstance(v, dict) and "value" in v else v
                 for k, v in as_dict(e).items()}, **more)


def own(e):
    """An event of this module, as Export-Csv writes it."""
    return {"EventTimestamp": us(e["eventTimestamp"]), "OperationName": e["operationName"]["value"],
            "Status": e["status"]["value"], "Caller": e["caller"],
            "CallerIpAddress": e["httpRequest"]["clientIpAddress"], "ResourceId": e["resourceId"],
            "SubscriptionId": e["subscriptionId"], "CorrelationId": e["correlationId"],
            "EventDataId": e["eventDataId"], "Claims": "System.Management.Automation.PSCustomObject",
            "HttpRequest": "@{clientIpAddress=x}", "Properties": "@{statusCode=Created}",
            "Scope": "tenant", "SourcePath": "x", "SourceLine": "1", "Raw": json.dumps(e)}


def dotted(e, between="."):
    o = {}
    for k, v in e.items():
        if isinstance(v, dict):
            for k2, v2 in v.items():
                o[k + between + k2] = v2
        else:
            o[k] = v
    return o


def custom_table(e):
    """A table of one's own in Log Analytics: flattened, with the type behind each name."""
    o = {}
    for k, v in dotted(e, "_").items():
        o[k + ("_g" if k.endswith("Id") and k != "resourceId" and k != "id" else "_s")] = v
    return o


def hashtable(v):
    return "@{" + "; ".join("%s=%s" % kv for kv in v.items()) + "}"


def shallow(e):
    """What ConvertTo-Json leaves of a response at its default depth."""
    return {k: hashtable(v) if isinstance(v, dict) else v for k, v in e.items()}


def listing(v):
    width = max(len(k) for k in v)
    return "\r\n" + "\r\n".join("%s : %s" % (k.ljust(width), x) for k, x in v.items())


def rows(records, delimiter=",", head="", time=lambda t: t, strings=json.dumps, bom="\ufeff"):
    out = io.StringIO()
    w = csv.DictWriter(out, list(dict.fromkeys(sum(map(list, records), []))), delimiter=delimiter, quoting=csv.QUOTE_ALL,
                       lineterminator="\r\n")
    w.writeheader()
    for r in records:
        w.writerow({k: strings(v) if isinstance(v, dict) else time(v) if isinstance(v, str) and
                    re.match(r"\d{4}-\d\d-\d\dT", v) else v for k, v in r.items()})
    return bom + head + out.getvalue()


def when(t):
    return datetime.strptime(t[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)


def us(t):
    d = when(t)
    return "%d/%d/%d %d:%02d:%02d %s" % (d.month, d.day, d.year, d.hour % 12 or 12, d.minute,
                                         d.second, "PM" if d.hour > 11 else "AM")


def portal(e):
    return {"Correlation id": e["correlationId"],
            "Operation name": e["operationName"]["localizedValue"],
            "Status": e["status"]["value"], "Event category": "Administrative",
            "Level": "Informational", "Time": e["eventTimestamp"],
            "Subscription": e["subscriptionId"], "Event initiated by": e["caller"],
            "Resource type": "", "Resource group": "", "Resource": e["resourceId"]}


def chosen(e):
    """What az monitor activity-log list --query "[].{Time:eventTimestamp,...}" leaves."""
    return {"Time": e["eventTimestamp"], "Operation": e["operationName"]["value"],
            "Caller": e["caller"], "Status": e["status"]["value"], "Resource": e["resourceId"],
            "CorrelationId": e["correlationId"]}


def selected(e):
    """What Select-Object leaves with columns of its own for the parts of Authorization."""
    return {"EventTimestamp": e["eventTimestamp"], "Who": e["caller"], "Caller": e["caller"],
            "Action": e["authorization"]["action"], "Scope": e["authorization"]["scope"],
            "Status": e["status"]["value"], "CorrelationId": e["correlationId"]}


def ecs(e):
    s = stream(e)
    return {"@timestamp": s["time"], "source": {"ip": s["callerIpAddress"]},
            "azure": {"correlation_id": s["correlationId"], "tenant_id": TENANT,
                      "resource": {"id": s["resourceId"]},
                      "activitylogs": {"operation_name": s["operationName"],
                                       "category": "Administrative",
                                       "result_type": s["resultType"],
                                       "identity": {"authorization": s["identity"]["authorization"],
                                                    "claims": s["identity"]["claims"]},
                                       "properties": s["properties"]}},
            "event": {"action": s["operationName"], "dataset": "azure.activitylogs"}}


def leef(e, between, head):
    return "<13>Jan 09 09:41:01 host LEEF:" + head % e["operationName"]["value"] + between.join(
        ["devTime=" + e["eventTimestamp"], "src=" + e["httpRequest"]["clientIpAddress"],
         "usrName=" + e["caller"], "resource=" + e["resourceId"], "sev=4",
         "correlationId=" + e["correlationId"], "status=" + e["status"]["value"]]) + "\n"


def cef(e):
    return "<134>1 x host - - - - CEF:0|Microsoft|Azure\\|x|1|%s|%s|4|" % (
        e["operationName"]["value"], e["operationName"]["localizedValue"]) + (
        "rt=%s src=%s suser=%s cs1Label=resourceId cs1=%s msg=a b c outcome=%s externalId=%s "
        "correlationId=%s\n" % (e["eventTimestamp"], e["httpRequest"]["clientIpAddress"],
                                e["caller"], e["resourceId"], e["status"]["value"],
                                e["eventDataId"], e["correlationId"]))


def event_grid(e):
    data = {k: v["value"] if isinstance(v, dict) and "value" in v else v for k, v in e.items()
            if k not in ("eventTimestamp", "submissionTimestamp", "eventDataId", "resourceId")}
    data["resourceUri"] = e["resourceId"]
    return {"id": e["eventDataId"], "eventType": "Microsoft.Resources.ResourceActionSuccess",
            "subject": e["resourceId"], "data": data, "eventTime": e["eventTimestamp"]}


def columns(e, name="name", kind="type"):
    return [{name: k, kind: "string"} for k in table(e)]


def cells(records):
    return [list(table(e).values()) for e in records]


def shapes():
    ev = events()
    raw = [json.dumps(e) for e in ev]
    st = [stream(e) for e in ev]
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("read me.txt", "What is in here.\n")
        z.writestr("a/first.ndjson", lines(ev[:20]))
        z.writestr("a/second.json.gz", gzip.compress(json.dumps(ev[20:]).encode()))
    c = columns(ev[0])
    k = columns(ev[0], "ColumnName", "ColumnType")
    prefix = "<134>Jan  9 09:41:02 host azure[1]: "
    yield "rest.json", json.dumps({"value": ev, "nextLink": None}), ""
    yield "lines.ndjson", lines(ev), ""
    yield "pretty.json", json.dumps(ev, indent=4), ""
    yield "utf16.json", json.dumps(ev).encode("utf-16"), ""
    yield "utf32.json", json.dumps(ev).encode("utf-32"), ""
    yield "utf32.json.gz", gzip.compress(lines(ev).encode("utf-32-be")), ""
    yield "gzip.ndjson.gz", gzip.compress(lines(ev).encode()), ""
    yield "zip.zip", zipped.getvalue(), ""
    yield "sequence.json-seq", "".join("\x1e" + r + "\n" for r in raw), ""
    yield "stream.json", lines({"records": st[i:i + 7]} for i in range(0, 40, 7)), "id"
    yield "table.json", json.dumps([table(e) for e in ev]), ""
    yield "log-analytics.json", json.dumps({"tables": [{"name": "PrimaryResult", "columns": c,
                                                        "rows": cells(ev)}]}), ""
    yield "kusto-v1.json", json.dumps({"Tables": [
        {"TableName": "Table_0", "Columns": columns(ev[0], "ColumnName", "DataType"),
         "Rows": cells(ev)},
        {"TableName": "Table_1", "Columns": [{"ColumnName": "Value"}], "Rows": [["{}"]]}]}), ""
    yield "kusto-v2.json", json.dumps([
        {"FrameType": "DataSetHeader", "Version": "v2.0"},
        {"FrameType": "TableHeader", "TableId": 1, "Columns": k},
        {"FrameType": "TableFragment", "TableId": 1, "Rows": cells(ev)[:20]},
        {"FrameType": "TableFragment", "TableId": 1, "Rows": cells(ev)[20:]},
        {"FrameType": "DataSetCompletion", "HasErrors": False}]), ""
    yield "splunk.ndjson", lines({"preview": False, "result": {"_raw": r}} for r in raw), ""
    yield "splunk-columns.json", json.dumps({"fields": ["_raw", "_time"],
                                             "columns": [raw, ["1"] * len(raw)]}), ""
    yield "splunk-rows.json", json.dumps({"fields": ["_time", "_raw"],
                                          "rows": [["1", r] for r in raw]}), ""
    # Splunk has each field twice where it finds them while it indexes and again while it searches.
    yield "splunk-twice.ndjson", lines({"result": {k: [v, v] for k, v in nested(s).items() if v}}
                                       for s in st), "id"
    yield "splunk-twice.csv", rows([{k: "%s\n%s" % (v, v) if v else "" for k, v in nested(s).items()}
                                    for s in st], bom=""), "id"
    yield "elastic-search.json", json.dumps({"took": 1, "hits": {"hits": [
        {"_id": "1", "_source": e} for e in ev]}}, indent=1), ""
    yield "elastic-bulk.ndjson", "".join('{"index":{"_index":"a"}}\n' + r + "\n" for r in raw), ""
    yield "elastic-fields.json", json.dumps({"hits": {"hits": [
        {"_id": "1", "fields": {k: [v] for k, v in nested(e).items() if v}} for e in ev]}}), ""
    yield "elastic-dump.ndjson", lines({"_index": "a", "_source": s} for s in st), "id"
    yield "elastic-agent.ndjson", lines({"@timestamp": s["time"], "event": {
        "original": json.dumps(s)}, "azure": {"activitylogs": {"category": "x"}}} for s in st), "id"
    yield "ecs.ndjson", lines(ecs(e) for e in ev), "id"
    yield "filebeat.ndjson", lines({"@timestamp": "x", "message": json.dumps(s)} for s in st), "id"
    yield "logstash.ndjson", lines({"message": json.dumps({"records": [s]}), "event": {
        "original": json.dumps({"records": [s]})}} for s in st), "id"
    yield "base64.ndjson", lines({"data": base64.b64encode(r.encode()).decode()} for r in raw), ""
    yield "datadog.json", json.dumps({"data": [{"id": "x", "attributes": {
        "service": "azure", "attributes": s}} for s in st]}), "id"
    yield "graylog.json", json.dumps({"messages": [{"message": {
        "full_message": r, "level": 6}, "index": "g"} for r in raw]}), ""
    yield "gelf.ndjson", lines({"version": "1.1", "short_message": "azure", "timestamp": 1.5,
                                "full_message": r, "_operationName": "x/write",
                                "_correlationId": "x"} for r in raw), ""
    yield "qradar.csv", rows([{"Event Name": "x", "Time": "x", "Payload": prefix + r}
                              for r in raw]), ""
    yield "unnamed.csv", rows([{"no": "1", "what": r} for r in raw]), ""
    yield "headless.csv", "".join('"1","%s"\n' % r.replace('"', '""') for r in raw), ""
    yield "qradar.json", json.dumps({"events": [{"payload": prefix + r} for r in raw]}), ""
    yield "syslog.log", "".join(prefix + json.dumps(s) + "\n" for s in st), "id"
    yield "leef.log", "".join(leef(e, "\t", "1.0|Microsoft|Azure|1|%s|") for e in ev), "role id"
    yield "leef2.log", "".join(leef(e, "^", "2.0|Microsoft|Azure|1|%s|^|") for e in ev), "role id"
    yield "cef.log", "".join(cef(e) for e in ev), "role id"
    yield "fluent-bit.log", "".join("[0] azure: [[1768381201.123, {}], %s]\n" % r for r in raw), ""
    yield "bracketed.log", "".join("[INFO] 2026-01-09 %s\n" % r for r in raw), ""
    yield "fluentd.log", "".join("2026-01-09T09:41:01+00:00\tazure\t" + r + "\n" for r in raw), ""
    yield "event-grid.json", json.dumps([event_grid(e) for e in ev]), "id"
    yield "alert.ndjson", lines({"schemaId": "Microsoft.Insights/activityLogs", "data": {
        "context": {"activityLog": {k: v["value"] if isinstance(v, dict) and "value" in v else v
                                    for k, v in e.items()}}}} for e in ev), ""
    yield "common-alert.ndjson", lines({"data": {"essentials": {"firedDateTime": "x"},
                                                 "alertContext": e}} for e in ev), ""
    yield "by-subscription.json", json.dumps({SUB: ev[:20], "other": {"value": ev[20:]}}), ""
    yield "escaped.txt", "".join(json.dumps(r)[1:-1] + "\n" for r in raw), ""
    yield "escaped-pretty.txt", json.dumps(json.dumps(ev, indent=2))[1:-1], ""
    yield "escaped-lines.txt", json.dumps(json.dumps(ev, indent=2))[1:-1].replace(
        "\\n", "\r\n").replace('\\"', "\\u0022"), ""
    yield "texts.ndjson", lines(raw), ""
    yield "content.json", json.dumps({"StatusCode": 200, "Content": json.dumps({"value": ev})}), ""
    yield "har.json", json.dumps({"log": {"entries": [{"response": {"content": {
        "text": json.dumps({"value": ev})}}}]}}), ""
    yield "powershell.json", json.dumps([powershell(e) for e in ev]), ""
    yield "powershell-new.json", json.dumps([powershell_new(e) for e in ev]), ""
    yield "as-texts.json", json.dumps({"Results": [hashtable(table(e)) for e in ev]}), ""
    yield "identifier.jsonl", lines({re.sub("Id$", "Identifier", k): v for k, v in e.items()}
                                    for e in ev), ""
    yield "shallow.json", json.dumps({"value": [shallow(e) for e in ev]}), ""
    yield "as-dict.jsonl", lines(as_dict(e) for e in ev), ""
    yield "steampipe.json", json.dumps({
        "columns": [{"name": k, "data_type": "text"} for k in steampipe(ev[0])],
        "rows": [steampipe(e, subscription_id=SUB) for e in ev]}), ""
    yield "tailpipe.jsonl", lines(steampipe(e, timestamp=e["eventTimestamp"], tp_id="x",
                                            tp_timestamp=e["eventTimestamp"], tp_index=SUB,
                                            tp_table="azure_activity_log") for e in ev), ""
    yield "tailpipe.csv", rows([steampipe(e, tp_date="2026-01-14T00:00:00") for e in ev],
                               bom=""), ""
    yield "cloudquery.csv", rows([dict(as_dict(e), _cq_id="x", _cq_sync_time=e["eventTimestamp"])
                                  for e in ev], bom=""), ""
    yield "own-objects.csv", rows([own(e) for e in ev], head="#TYPE AzDirectoryActivityLog.Event"
                                  "\r\n", bom=""), ""
    yield "dotted.json", json.dumps([dotted(e) for e in ev]), ""
    yield "custom-table.json", json.dumps([custom_table(e) for e in ev]), ""
    yield "mongo.ndjson", lines(dict(s, time={"$date": s["time"]}, _id={"$oid": "1"})
                                for s in st), "id"
    yield "epoch.ndjson", lines(dict(e, eventTimestamp=int(when(e["eventTimestamp"]).timestamp()
                                                           * 1000)) for e in ev), "seconds"
    yield "table.csv", rows([table(e) for e in ev]), ""
    yield "table-us.csv", rows([{"TimeGenerated [UTC]" if k == "TimeGenerated" else k: v
                                 for k, v in table(e).items()} for e in ev], time=us), "seconds"
    for name, between in ("caret", "^"), ("pipe", "|"), ("tilde", "~"), ("hive", "\1"):
        yield name + ".csv", rows([table(e) for e in ev], between), ""
        yield name + "-bare.csv", "\n".join(between.join(r) for r in [list(table(ev[0]))] +
                                            [table(e).values() for e in ev]), ""
    yield "defender.csv", rows([{"Timestamp": e["eventTimestamp"], "ReportId": "x",
                                 "OperationName": e["operationName"]["value"],
                                 "ResourceId": e["resourceId"], "RawEventData": r}
                                for e, r in zip(ev, raw)]), ""
    yield "facets.csv", rows([{"Date": s["time"], "Host": "x", "Service": "azure", "Message": "", **{
        "@" + k: s[k] for k in ("operationName", "resourceId", "resultType", "correlationId",
                                "identity", "properties")}} for s in st], bom=""), "id address"
    yield "table.tsv", rows([table(e) for e in ev], "\t", bom=""), ""
    yield "two-headers.csv", rows([table(e) for e in ev[:20]]) + rows([
        {k: table(e)[k] for k in sorted(table(e), reverse=True)} for e in ev[20:]]), ""
    yield "title.csv", rows([table(e) for e in ev], head="Activity of contoso\r\n\r\n"), ""
    yield "zeros.csv", "\r\n" + rows([table(e) for e in ev], bom="") + "\0\0\0", ""
    yield "apostrophes.csv", rows([dict(table(e), OperationNameValue="'" + e["operationName"][
        "value"]) for e in ev]), ""
    yield "semicolon.csv", rows([table(e) for e in ev], ";", "sep=;\r\n", bom=""), ""
    yield "utf16.csv", rows([table(e) for e in ev]).encode("utf-16"), ""
    yield "german.csv", rows([table(e) for e in ev], ";", time=lambda t: when(t).strftime(
        "%d.%m.%Y %H:%M:%S")), "seconds"
    yield "british.csv", rows([table(e) for e in ev], time=lambda t: when(t).strftime(
        "%d/%m/%Y %H:%M:%S")), "seconds"
    yield "mes.csv", rows(ev, strings=hashtable), ""
    yield "export-csv.csv", rows([dict(powershell(e), Claims=listing(e["claims"]),
                                       Properties=listing(e["properties"]),
                                       Authorization=listing(e["authorization"]),
                                       HttpRequest=listing(e["httpRequest"])) for e in ev],
                                 head="#TYPE PSEventData\r\n", bom="", time=us), "seconds"
    yield "raw.csv", rows([{"_time": "x", "_raw": r} for r in raw]), ""
    yield "az-query.json", json.dumps([chosen(e) for e in ev], indent=2), "role address"
    yield "select-object.csv", rows([selected(e) for e in ev], bom=""), "role address"
    yield "portal.csv", rows([portal(e) for e in ev]), "id role address"
    yield "portal-abroad.csv", rows([dict(zip("ABCDEFGHIJK", portal(e).values())) for e in ev],
                                    ";"), "id role address"


# What findings are compared by, and what a shape that cannot hold something is not asked for.
FIELDS = ["rule", "severity", "outcome", "time", "caller", "callerIpAddress", "scopeKind",
          "roleDefinitionName", "principalId", "correlationId"]
CANNOT = {"id": [], "seconds": [], "address": ["callerIpAddress"],
          "role": ["roleDefinitionName", "principalId", "severity", "rule", "scopeKind"]}


def finding(line, cannot):
    f = json.loads(line)
    skip = [name for word in cannot for name in CANNOT[word]]
    if f["time"] is not None:
        f["time"] = f["time"][:19]
    return [str(f[k]).lower() for k in FIELDS if k not in skip]


def check(folder):
    failed = 0
    reference = None
    for name, _, cannot in shapes():
        with open(os.path.join(folder, name + ".found"), encoding="utf-8") as f:
            found = f.read().splitlines()
        if reference is None:
            reference = found
            assert len(found) == 20, len(found)
        want = sorted(finding(x, cannot.split()) for x in reference)
        got = sorted(finding(x, cannot.split()) for x in found)
        if want != got:
            failed = 1
            print("%s: %d findings, not %d" % (name, len(got), len(want)))
            for a, b in zip(want, got):
                if a != b:
                    print("  want", a, "\n  got ", b)
                    break
    return failed


def bad(folder):
    """Archives and lines that are damaged or made to harm; one.ndjson is there."""
    os.chdir(folder)
    with open("one.ndjson", encoding="utf-8") as f:
        one = f.read()
    for name, data in (("bomb", " " * 100000000 + one), ("plain", one)):
        with zipfile.ZipFile(name + ".zip", "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("logs/a.json", data)
            z.writestr("b.ndjson", one)
    with open("plain.zip", "rb") as f:
        whole = bytearray(f.read())
    with open("cut.zip", "wb") as f:
        f.write(whole[:len(whole) // 2])
    whole[6] |= 1
    whole[whole.find(b"PK\x01\x02") + 8] |= 1
    with open("password.zip", "wb") as f:
        f.write(whole)
    text = one
    for _ in range(12):
        text = json.dumps({"message": text})
    with open("deep.ndjson", "w", encoding="utf-8") as f:
        f.write('{"a":' * 100000 + "\n" + "[" * 100000 + "\n" + text + "\n" + one)


if __name__ == "__main__":
    if sys.argv[1] == "bad":
        sys.exit(bad(sys.argv[2]))
    if sys.argv[1] == "check":
        sys.exit(check(sys.argv[2]))
    for name, content, _ in shapes():
        with open(os.path.join(sys.argv[2], name), "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
