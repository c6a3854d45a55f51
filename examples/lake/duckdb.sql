-- Many exports as one partitioned table: see README.md. Statements end with a semicolon.

CREATE OR REPLACE VIEW lake AS
SELECT * EXCLUDE (operationName, status, subStatus, "authorization"),
       operationName->>'value' AS operation, status->>'value' AS status, subStatus->>'value' AS subStatus,
       "authorization"->>'scope' AS authorizationScope
FROM read_json('lake/incident=*/scope=*/date=*/events.ndjson.gz',
    format = 'newline_delimited',
    hive_partitioning = true,
    hive_types = {'incident': VARCHAR, 'scope': VARCHAR, 'date': DATE},
    columns = {
        eventTimestamp: 'TIMESTAMP',
        eventDataId: 'VARCHAR',
        correlationId: 'VARCHAR',
        operationId: 'VARCHAR',
        caller: 'VARCHAR',
        operationName: 'JSON',
        status: 'JSON',
        subStatus: 'JSON',
        "authorization": 'JSON',
        resourceId: 'VARCHAR',
        subscriptionId: 'VARCHAR',
        tenantId: 'VARCHAR',
        httpRequest: 'JSON',
        claims: 'JSON',
        properties: 'JSON'
    });

-- Each event of an incident once, with the scopes whose logs have it.
CREATE OR REPLACE VIEW events AS
SELECT incident, eventTimestamp, eventDataId, list(DISTINCT scope ORDER BY scope) AS scopes,
       any_value(COLUMNS(* EXCLUDE (incident, eventTimestamp, eventDataId, scope)))
FROM lake
GROUP BY incident, eventTimestamp, eventDataId;

-- What there is: events, days and callers of each incident and scope.
SELECT incident, scope, count(*) AS events, count(DISTINCT date) AS days,
       count(DISTINCT caller) AS callers, min(eventTimestamp) AS first_event, max(eventTimestamp) AS last_event
FROM lake
GROUP BY incident, scope
ORDER BY incident, scope;

-- Who elevated to User Access Administrator, in any incident.
SELECT incident, eventTimestamp, caller, claims->>'ipaddr' AS address, status
FROM events
WHERE lower(operation) = 'microsoft.authorization/elevateaccess/action'
ORDER BY eventTimestamp, incident;

-- Addresses that were active in more than one incident.
SELECT claims->>'ipaddr' AS address, list(DISTINCT incident ORDER BY incident) AS incidents,
       count(DISTINCT caller) AS callers, count(*) AS events
FROM events
WHERE (claims->>'ipaddr') IS NOT NULL
GROUP BY address
HAVING count(DISTINCT incident) > 1
ORDER BY events DESC;

-- Role assignments that were asked for, with role and principal. Clients differ in the letter case of
-- the body, so it is lowered first; what is not JSON gives nothing.
SELECT incident, eventTimestamp, caller, authorizationScope AS assignment,
       body->>'$.properties.principalid' AS principal,
       regexp_extract(body->>'$.properties.roledefinitionid', '[0-9a-f-]{36}$') AS role
FROM (SELECT *, TRY_CAST(lower(properties->>'requestbody') AS JSON) AS body FROM events)
WHERE lower(operation) = 'microsoft.authorization/roleassignments/write' AND body IS NOT NULL
ORDER BY eventTimestamp, incident;

-- Who holds which role where now, as the exports with --role-assignments saw it.
SELECT regexp_extract(filename, 'incident=([^/\\]*)', 1) AS incident, properties->>'scope' AS scope,
       regexp_extract(properties->>'roleDefinitionId', '[0-9a-fA-F-]{36}$') AS role,
       properties->>'principalType' AS type, properties->>'principalId' AS principal,
       properties->>'createdOn' AS since
FROM read_json('lake/incident=*/roleAssignments.ndjson.gz', format = 'newline_delimited', filename = true,
    columns = {id: 'VARCHAR', name: 'VARCHAR', properties: 'JSON'})
ORDER BY incident, scope, role, principal;

-- Two days of one scope: of all files only those of these days are opened.
SELECT eventTimestamp, caller, operation, status, resourceId
FROM lake
WHERE scope = 'tenant'
  AND date BETWEEN (SELECT max(date) - 1 FROM lake) AND (SELECT max(date) FROM lake)
ORDER BY eventTimestamp;
