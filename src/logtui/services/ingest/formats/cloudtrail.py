"""AWS CloudTrail: records as in the files on S3, and lines of `aws cloudtrail lookup-events`.

A type is `<eventSource>:<eventName>`, so that `type:iam.*` finds a service and `type:*:CreateUser` an action.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import address, first, folded, keys, part, parts, snake, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat

_TELLING = frozenset(
    (
        "eventsource",
        "useridentity",
        "eventversion",
        "awsregion",
        "eventid",
        "recipientaccountid",
        "requestparameters",
        "responseelements",
        "sourceipaddress",
    )
)
_INSTANCES = "instancesSet"
_SETS = ((_INSTANCES, "instanceId", "instance"), ("resourcesSet", "resourceId", "resource"))
"""Where EC2 lists what a request is about, or what it made."""

_ACTOR_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "IAMUser": "user",
        "FederatedUser": "user",
        "SAMLUser": "user",
        "WebIdentityUser": "user",
        "IdentityCenterUser": "user",
        "AssumedRole": "role",
        "AWSService": "service",
        "AWSAccount": "account",
    }
)

_PARAMETERS: tuple[tuple[str, str], ...] = (
    ("userName", "user"),
    ("roleName", "role"),
    ("roleArn", "role"),
    ("groupName", "group"),
    ("policyArn", "policy"),
    ("policyName", "policy"),
    ("accessKeyId", "access_key"),
    ("secretId", "secret"),
    ("keyId", "key"),
    ("bucketName", "bucket"),
    ("functionName", "function"),
    ("instanceId", "instance"),
    ("groupId", "security_group"),
    ("dBInstanceIdentifier", "db_instance"),
    ("dBClusterIdentifier", "db_cluster"),
    ("dBSnapshotIdentifier", "db_snapshot"),
    ("snapshotId", "snapshot"),
    ("imageId", "image"),
    ("volumeId", "volume"),
    ("vpcId", "vpc"),
    ("subnetId", "subnet"),
    ("networkAclId", "network_acl"),
    ("routeTableId", "route_table"),
    ("tableName", "table"),
    ("repositoryName", "repository"),
    ("trailName", "trail"),
    ("detectorId", "detector"),
    ("projectArn", "project"),
    ("stackName", "stack"),
    ("clusterName", "cluster"),
    ("logGroupName", "log_group"),
    ("topicArn", "topic"),
    ("queueUrl", "queue"),
    ("resourceArn", "resource"),
    ("name", "resource"),
)
"""Request parameters that name what is acted on, and its kind, the most telling first."""

_RANKS: Mapping[str, int] = MappingProxyType(
    {spelling: rank for rank, (name, _) in enumerate(_PARAMETERS) for spelling in (name, name.lower())}
)


def _recognises(fields: Fields) -> bool:
    names = keys(fields)
    return "cloudtrailevent" in names or ("eventname" in names and len(names & _TELLING) > 1)


def _unwrap(fields: Fields) -> Fields:
    """Return the event that LookupEvents has as a text; what it lacks is looked up around it."""
    if "eventName" in fields:
        return fields
    around = folded(fields, 1)
    inner = around.get("cloudtrailevent")
    if not isinstance(inner, str):
        return fields
    try:
        event = json.loads(inner)
    except (ValueError, RecursionError):
        return around
    return event if isinstance(event, dict) else around


def _columns(fields: Fields, _at: int) -> Columns:
    source, name = text(fields, "eventSource"), text(fields, "eventName")
    identity = part(fields, "userIdentity")
    kind = text(identity, "type")
    actor, service = first(identity, "arn", "principalId", "userName"), text(identity, "invokedBy")
    subject, subject_type = _subject(fields)
    return Columns(
        f"{source}:{name}" if source and name else name,
        text(fields, "eventID"),
        _severity(fields),
        actor or service or text(fields, "username"),
        (_ACTOR_TYPES.get(kind) or snake(kind)) if kind else "service" if service and not actor else None,
        subject,
        subject_type,
        source,
        first(fields, "requestID", "sharedEventID"),
        None,
        address(text(fields, "sourceIPAddress")),
    )


def _severity(fields: Fields) -> str | None:
    if text(fields, "errorCode") is not None:
        return severities.WARNING
    # A sign-in to the console says how it went; other records that have no error say nothing.
    return severities.of_outcome(text(part(fields, "responseElements"), "ConsoleLogin"))


def _subject(fields: Fields) -> tuple[str | None, str | None]:
    for resource in parts(fields, "resources"):
        name = first(resource, "ARN", "ResourceName")
        if name is not None:
            kind = first(resource, "type", "ResourceType")
            return name, kind and snake(kind.rpartition("::")[2])
    parameters, made = part(fields, "requestParameters"), part(fields, "responseElements")
    rank = None
    for key in parameters:
        found = _RANKS.get(key)
        if found is not None and (rank is None or found < rank):
            rank = found
    if _INSTANCES in made or _INSTANCES in parameters or rank is None:
        for place in (parameters, made):
            for name, key, kind in _SETS if place else ():
                items = parts(part(place, name), "items")
                if items and (subject := text(items[0], key)) is not None:
                    return subject, kind
    subject = None if rank is None else text(parameters, _PARAMETERS[rank][0])
    return (None, None) if rank is None or subject is None else (subject, _PARAMETERS[rank][1])


FORMAT = VendorFormat("cloudtrail", "AWS CloudTrail", _recognises, (("eventTime",),), "eventName", _columns, _unwrap)
