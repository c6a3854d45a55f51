-- Many exports as one partitioned table: see README.md. The path may be on any storage that Spark
-- reads. Manifests and role assignments lie beside the partitions; the filter leaves them out.

CREATE OR REPLACE TEMPORARY VIEW lake (
    eventTimestamp TIMESTAMP,
    eventDataId STRING,
    correlationId STRING,
    operationId STRING,
    caller STRING,
    operationName STRUCT<value: STRING>,
    status STRUCT<value: STRING>,
    subStatus STRUCT<value: STRING>,
    authorization STRUCT<action: STRING, scope: STRING>,
    resourceId STRING,
    subscriptionId STRING,
    tenantId STRING,
    httpRequest STRING,
    claims STRING,
    properties STRING,
    incident STRING,
    scope STRING,
    date DATE
)
USING json
OPTIONS (path 'lake', pathGlobFilter 'events.ndjson.gz');

-- Each event of an incident once, with the scopes whose logs have it.
CREATE OR REPLACE TEMPORARY VIEW events AS
SELECT incident, eventTimestamp, eventDataId,
       first(correlationId) AS correlationId, first(operationId) AS operationId, first(caller) AS caller,
       first(operationName.value) AS operation, first(status.value) AS status,
       first(authorization.scope) AS authorizationScope, first(resourceId) AS resourceId,
       first(httpRequest) AS httpRequest, first(claims) AS claims, first(properties) AS properties,
       sort_array(collect_set(scope)) AS scopes
FROM lake
GROUP BY incident, eventTimestamp, eventDataId;

-- What there is: events, days and callers of each incident and scope.
SELECT incident, scope, count(*) AS events, count(DISTINCT date) AS days,
       count(DISTINCT caller) AS callers, min(eventTimestamp) AS first_event, max(eventTimestamp) AS last_event
FROM lake
GROUP BY incident, scope
ORDER BY incident, scope;

-- Who elevated to User Access Administrator, in any incident.
SELECT incident, eventTimestamp, caller, get_json_object(claims, '$.ipaddr') AS address, status
FROM events
WHERE lower(operation) = 'microsoft.authorization/elevateaccess/action'
ORDER BY eventTimestamp;

-- Addresses that were active in more than one incident.
SELECT get_json_object(claims, '$.ipaddr') AS address, sort_array(collect_set(incident)) AS incidents,
       count(DISTINCT caller) AS callers, count(*) AS events
FROM events
WHERE get_json_object(claims, '$.ipaddr') IS NOT NULL
GROUP BY get_json_object(claims, '$.ipaddr')
HAVING count(DISTINCT incident) > 1
ORDER BY events DESC;

-- Role assignments that were asked for, with role and principal.
SELECT incident, eventTimestamp, caller, authorizationScope AS assignment,
       get_json_object(lower(get_json_object(properties, '$.requestbody')), '$.properties.principalid') AS principal,
       regexp_extract(get_json_object(lower(get_json_object(properties, '$.requestbody')), '$.properties.roledefinitionid'),
                      '[0-9a-f-]{36}$', 0) AS role
FROM events
WHERE lower(operation) = 'microsoft.authorization/roleassignments/write'
  AND get_json_object(properties, '$.requestbody') IS NOT NULL
ORDER BY eventTimestamp;
