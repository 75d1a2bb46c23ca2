"""What the samples of each format must become; the answers were written down by reading the samples."""

from __future__ import annotations

from typing import Any

import pytest
from tests.vendor_samples import BY_NAME, INGESTED_AT, micros, read, sample

from logtui.core.columns import NAMES
from logtui.core.event import Event
from logtui.services.ingest.record import Rejected

HASH = "hash-"
"""The id is the hash of the record."""

INSTANCE = "ins_2g7np7Hrk0SN6kj5EDMLDaKNL0S"
VM = (
    "/subscriptions/12345678-9abc-defg-hijk-lmnopqrstuvw/resourceGroups/test-resource-group/providers"
    "/Microsoft.Compute/virtualMachines/test-vm"
)
DISK = (
    "/subscriptions/12345678-9abc-defg-hijk-lmnopqrstuvw/resourceGroups/TEST-RESOURCE-GROUP/providers"
    "/Microsoft.Compute/disks/test-vm_disk1_cd8883de78cb4cda97cb858dfe0cda3a"
)
SECRET = "arn:aws:secretsmanager:cn-centraleast-1r:903144391865:secret:stratus-red-team-retrieve-secret-18-4Rzn83"


def clerk(kind: str, subject: str, subject_type: str, **others: Any) -> dict[str, Any]:
    """One of Clerk's official examples: all have one time, instance and address, and none has an id or an actor."""
    return {
        "event_time": "2024-05-28T08:00:00Z",
        "event_id": HASH,
        "event_type": kind,
        "subject": subject,
        "subject_type": subject_type,
        "source": INSTANCE,
        "ip": "192.168.1.100",
    } | others


ID = "2g7np7Hrk0SN6kj5EDMLDaKNL0S"

EXPECTED: dict[str, dict[int, list[dict[str, Any]]]] = {
    "clerk_webhook": {
        1: [clerk("session.created", f"sess_{ID}", "session")],
        2: [clerk("organization_membership.created", f"orgmem_{ID}", "organization_membership")],
        3: [clerk("user.deleted", f"user_{ID}", "user")],
        4: [clerk("sms.created", f"sms_{ID}", "sms_message")],
        5: [clerk("subscription_item.free_trial_ending", f"csub_item_{ID}", "subscription_item")],
        6: [clerk("payment_attempt.created", f"pa_{ID}", "payment_attempt")],
        7: [clerk("waitlist_entry.updated", f"wle_{ID}", "waitlist_entry")],
        8: [],
        9: [
            {
                "event_time": "2026-09-21T14:13:20.123Z",
                "event_id": "msg_2ab",
                "event_type": "user.updated",
                "subject": "user_2ab",
                "subject_type": "user",
                "source": "ins_1",
                "ip": "203.0.113.7",
            }
        ],
        10: [],
        11: [
            {
                "event_time": "2026-09-21T14:13:20Z",
                "event_id": HASH,
                "event_type": "session.created",
                "actor": "user_support",
                "actor_type": "user",
                "subject": "sess_9",
                "subject_type": "session",
                "source": "ins_1",
                "ip": "2001:db8::7",
            }
        ],
    },
    "clerk_log": {
        1: [
            {
                "event_time": "2026-09-21T14:13:20.123Z",
                "event_id": "1790000000123:evt_1",
                "event_type": "sign_in.password.failed",
                "severity": "warning",
                "actor": "user_2ab",
                "actor_type": "user",
                "subject": "user_2ab",
                "subject_type": "user",
                "source": "frontend_api",
                "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
                "device_id": "dev_1",
                "ip": "203.0.113.7",
            }
        ],
        2: [
            {
                "event_time": "2026-09-21T14:13:21Z",
                "event_id": "1790000001000:evt_2",
                "event_type": "organization_membership.created",
                "actor": "ak_7",
                "actor_type": "api_key",
                "subject": "orgmem_3",
                "subject_type": "organization_membership",
                "source": "backend_api",
            }
        ],
        3: [
            {
                "event_time": "2026-09-21T14:13:22Z",
                "event_id": "1790000002000:evt_3",
                "event_type": "user.plan_moved",
                "severity": "success",
                "actor": "user_2ab",
                "actor_type": "user",
                "subject": "org_91",
                "subject_type": "organization",
            }
        ],
    },
    "workos": {
        1: [
            {
                "event_time": "2026-09-21T14:13:20.5Z",
                "event_id": "audit_event_01J8",
                "event_type": "document.updated",
                "actor": "user_01H",
                "actor_type": "user",
                "subject": "doc_9",
                "subject_type": "document",
                "source": "workos",
                "ip": "203.0.113.9",
            }
        ],
        2: [
            {
                "event_time": "2026-09-21T14:13:21Z",
                "event_id": "audit_event_01J9",
                "event_type": "user.access.revoked",
                "actor": "key_1",
                "actor_type": "api_key",
                "subject": "user_02X",
                "subject_type": "user",
                "source": "workos",
            }
        ],
        3: [
            {
                "event_time": "2026-09-21T14:13:22Z",
                "event_id": "event_07F",
                "event_type": "user.created",
                "subject": "user_03Y",
                "subject_type": "user",
                "source": "workos",
            }
        ],
    },
    "auth0": {
        1: [
            {
                "event_time": "2024-10-29T18:52:51.953Z",
                "event_id": "90020241029185251974499000000000000001223372087732751235",
                "event_type": "login.cross_origin.failed",
                "severity": "warning",
                "source": "auth0",
                "trace_id": "OJ0d2L-gDTvkmwEctP8d3XwtLD8Yu1qh",
                "ip": "2605:59c8:3075:214:d003:e902:2b01:dc14",
            }
        ],
        2: [
            {
                "event_time": "2025-10-03T14:09:32.149Z",
                "event_id": "90020230523204756343781000000000000001223372037583230452",
                "event_type": "api_operation.succeeded",
                "severity": "warning",
                "actor": "google-oauth2|105261262156475850461",
                "actor_type": "user",
                "subject": "suspicious-ip-throttling",
                "subject_type": "attack_protection",
                "source": "auth0",
                "ip": "12.12.12.12",
            }
        ],
        4: [
            {
                "event_time": "2025-09-30T21:23:49.689Z",
                "event_id": "90020250930212349746493000000000000001223372122436618809",
                "event_type": "attack_protection.account.blocked",
                "severity": "warning",
                "actor": "john@justice.org",
                "actor_type": "user",
                "source": "auth0",
                "ip": "1.2.3.4",
            }
        ],
        5: [
            {
                "event_time": "2023-06-16T04:52:50.663Z",
                "event_id": "90020230616045255729813000000000000001223372038324184656",
                "event_type": "api_operation.succeeded",
                "severity": "success",
                "actor": "google-oauth2|115547599209686809398",
                "actor_type": "user",
                "subject": "org_tFmw9RlOUjoSkOf1",
                "subject_type": "organizations",
                "source": "auth0",
                "ip": "123.123.123.123",
            }
        ],
        6: [
            {
                "event_time": "2026-09-21T14:13:20.123Z",
                "event_id": "90020260921141320",
                "event_type": "login.password.failed",
                "severity": "warning",
                "actor": "auth0|12",
                "actor_type": "user",
                "source": "auth0",
                "ip": "203.0.113.7",
            }
        ],
        7: [
            {
                "event_time": "2026-09-21T14:13:21Z",
                "event_id": "90020260921141321",
                "event_type": "token_exchange.client_credentials.succeeded",
                "severity": "success",
                "actor": "m2m-7",
                "actor_type": "client",
                "source": "auth0",
                "ip": "198.51.100.4",
            }
        ],
        8: [
            {
                "event_time": "2026-09-21T14:13:22Z",
                "event_id": "90020260921141322",
                "event_type": "brand_new_code",
                "actor": "auth0|12",
                "actor_type": "user",
                "source": "auth0",
                "ip": "198.51.100.4",
            }
        ],
    },
    "github_audit": {
        1: [
            {
                "event_time": "2023-01-31T18:58:27.638Z",
                "event_id": "pWWWWWWWWWWWWWWWWWWWWW",
                "event_type": "workflows.completed_workflow_run",
                "severity": "warning",
                "actor": "github_handle",
                "actor_type": "user",
                "subject": "your-org/panther-analysis-copy",
                "subject_type": "repository",
                "source": "github",
            }
        ],
        2: [
            {
                "event_time": "2021-05-18T02:31:58.553Z",
                "event_id": HASH,
                "event_type": "org.remove_member",
                "actor": "cat",
                "actor_type": "user",
                "subject": "bob",
                "subject_type": "user",
                "source": "github",
            }
        ],
        3: [
            {
                "event_time": "2023-11-20T21:20:09.423Z",
                "event_id": "KCYtigpnShPBSohA4OXbRg==",
                "event_type": "git.clone",
                "actor": "acme-inc-user",
                "actor_type": "user",
                "subject": "acme-inc/a-repo",
                "subject_type": "repository",
                "source": "github",
                "ip": "5.6.7.8",
            }
        ],
        4: [
            {
                "event_time": "2021-05-18T02:31:58.553Z",
                "event_id": HASH,
                "event_type": "team.create",
                "actor": "cat",
                "actor_type": "user",
                "subject": "my-org/my-team",
                "subject_type": "team",
                "source": "github",
            }
        ],
        5: [
            {
                "event_time": "2022-12-15T13:31:51.111Z",
                "event_id": "gAcccccccccccccccccccc",
                "event_type": "business_advanced_security.enabled",
                "actor": "bobert",
                "actor_type": "user",
                "subject": "example-enterprise",
                "subject_type": "business",
                "source": "github",
                "ip": "12.12.12.12",
            }
        ],
        6: [
            {
                "event_time": "2024-12-17T00:00:00Z",
                "event_id": HASH,
                "event_type": "repository_ruleset.create",
                "actor": "dog",
                "actor_type": "user",
                "subject": "some-org/ruleset-repo",
                "subject_type": "repository",
                "source": "github",
            }
        ],
    },
    "github_webhook": {
        1: [
            {
                "event_time": "2026-09-21T14:13:20Z",
                "event_id": HASH,
                "event_type": "pull_request.opened",
                "actor": "ada",
                "actor_type": "user",
                "subject": "acme/store#7",
                "subject_type": "pull_request",
                "source": "github",
            }
        ],
        2: [
            {
                "event_time": "2026-09-21T14:13:20Z",
                "event_id": HASH,
                "event_type": "push",
                "actor": "ada",
                "actor_type": "user",
                "subject": "acme/store",
                "subject_type": "repository",
                "source": "github",
            }
        ],
        3: [
            {
                "event_time": "2026-09-21T14:13:22Z",
                "event_id": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                "event_type": "workflow_run.completed",
                "severity": "warning",
                "actor": "deploy[bot]",
                "actor_type": "bot",
                "subject": "acme/store",
                "subject_type": "repository",
                "source": "github",
            }
        ],
        4: [{"reason": "updated_at of the object: missing, and without a time an event has no place"}],
    },
    "cloudtrail": {
        1: [
            {
                "event_time": "2024-08-01T13:33:28Z",
                "event_id": "3346344c-5a3e-429e-8405-420f98f75d6e",
                "event_type": "iam.amazonaws.com:CreateUser",
                "actor": "arn:aws:iam::229654561268:user/christophe",
                "actor_type": "user",
                "subject": "malicious-iam-user",
                "subject_type": "user",
                "source": "iam.amazonaws.com",
                "trace_id": "64ef9c47-6b64-4c0e-8c32-eb9ffaf8a658",
                "ip": "075.050.255.67",
            }
        ],
        2: [
            {
                "event_time": "2024-08-01T12:03:30Z",
                "event_id": "d373b5dd-6a82-439d-bdcf-4e6c7c7a9292",
                "event_type": "ec2.amazonaws.com:StopInstances",
                "actor": "arn:aws:iam::309303190113:user/christophe",
                "actor_type": "user",
                "subject": "i-DDd6c7B0e18F0E35f",
                "subject_type": "instance",
                "source": "ec2.amazonaws.com",
                "trace_id": "088dba72-717e-4502-a3c5-5c95f22f87c1",
                "ip": "251.228.255.218",
            }
        ],
        4: [
            {
                "event_time": "2024-07-30T21:31:12Z",
                "event_id": "46558847-8b84-43de-8c96-302aa4744763",
                "event_type": "sts.amazonaws.com:AssumeRole",
                "severity": "warning",
                "actor": "arn:aws:iam::457448411975:user/christophe",
                "actor_type": "user",
                "source": "sts.amazonaws.com",
                "trace_id": "bf47f64b-bcf2-441f-a1b8-9cbaa241ff11",
                "ip": "200.249.253.51",
            }
        ],
        5: [
            {
                "event_time": "2024-07-31T12:36:52Z",
                "event_id": "b9c3d881-1e77-426c-abd3-5ca20d903380",
                "event_type": "secretsmanager.amazonaws.com:GetSecretValue",
                "actor": "arn:aws:iam::903144391865:user/christophe",
                "actor_type": "user",
                "subject": SECRET,
                "subject_type": "secret",
                "source": "secretsmanager.amazonaws.com",
                "trace_id": "c4fff253-825a-4828-adac-7f789f6975f3",
                "ip": "253.201.144.253",
            }
        ],
        6: [
            {
                "event_time": "2022-02-07T22:23:18Z",
                "event_id": "1f2d6879-969f-4c15-b550-55015423e0c6",
                "event_type": "ec2.amazonaws.com:TerminateInstances",
                "actor": "arn:aws:iam::012345678901:user/fakeusername",
                "actor_type": "user",
                "subject": "i-01234567890123456",
                "subject_type": "instance",
                "source": "ec2.amazonaws.com",
                "trace_id": "ad751a41-527b-4c0b-b218-29f58f46ca09",
                "ip": "1.2.3.4",
            }
        ],
        7: [
            {
                "event_time": "2022-02-07T22:19:07Z",
                "event_id": "ec783cd8-fad8-41a8-abac-569a78c42e33",
                "event_type": "ec2.amazonaws.com:SharedSnapshotVolumeCreated",
                "actor": "ec2.amazonaws.com",
                "actor_type": "service",
                "source": "ec2.amazonaws.com",
                "trace_id": "73428522-6ebc-4974-9247-d3e85c9c9629",
            }
        ],
        8: [
            {
                "event_time": "2023-01-10T23:10:06Z",
                "event_id": "1808ca3b-4311-4b48-9d1f-21061acb2329",
                "event_type": "iam.amazonaws.com:GetAccountPasswordPolicy",
                "source": "iam.amazonaws.com",
            }
        ],
        9: [
            {
                "event_time": "2022-11-10T16:24:34Z",
                "event_id": "d38ce1b3-4575-4cb8-a632-611b8243bfc3",
                "event_type": "signin.amazonaws.com:ConsoleLogin",
                "severity": "warning",
                "actor": "AIDACKCEVSQ6C2EXAMPLE",
                "actor_type": "user",
                "source": "signin.amazonaws.com",
                "ip": "192.0.2.0",
            }
        ],
        10: [
            {
                "event_time": "2023-10-01T12:34:56Z",
                "event_id": "EXAMPLE-1234-5678-9012-EXAMPLE",
                "event_type": "s3.amazonaws.com:ListBucket",
                "actor": "arn:aws:iam::123456789012:user/Bob",
                "actor_type": "user",
                "subject": "arn:aws:s3:::example-bucket",
                "subject_type": "bucket",
                "source": "s3.amazonaws.com",
                "trace_id": "EXAMPLE123456789",
                "ip": "192.0.2.0",
            }
        ],
    },
    "gcp_audit": {
        1: [
            {
                "event_time": "2024-12-03T17:58:44.882119Z",
                "event_id": "1awjxggeaxqgz-1733248724882119",
                "event_type": "google.iam.admin.v1.CreateServiceAccount",
                "severity": "error",
                "actor": "dvwa-service-account@ketchup.iam.gserviceaccount.com",
                "actor_type": "service_account",
                "subject": "projects/ketchup",
                "subject_type": "service_account",
                "source": "iam.googleapis.com",
                "ip": "34.72.217.225",
            }
        ],
        2: [
            {
                "event_time": "2021-10-19T02:04:00.272384Z",
                "event_id": "1io3yo2fursxdi-1634609040272384",
                "event_type": "testlog",
            }
        ],
        3: [
            {
                "event_time": "2021-10-19T02:55:51.658015Z",
                "event_id": "-tehlutdkc4c-1634612151658015",
                "event_type": "v1.compute.firewalls.insert",
                "severity": "info",
                "actor": "fakeemailxyz@gmail.com",
                "actor_type": "user",
                "subject": "projects/fake-project/global/firewalls/test",
                "subject_type": "gce_firewall_rule",
                "source": "compute.googleapis.com",
                "trace_id": "operation-1634612146037-5ceabcc4f6447-d7a59be5-3fd18aa8",
                "ip": "1.1.1.1",
            }
        ],
        4: [
            {
                "event_time": "2023-03-28T18:37:06.079Z",
                "event_id": "abcdefghijklmn-1680028626079000",
                "event_type": "google.cloud.bigquery.v2.JobService.InsertJob",
                "actor": "user@company.io",
                "actor_type": "user",
                "subject": "projects/gcp-project1/datasets/test1/tables/newtable",
                "source": "bigquery.googleapis.com",
                "trace_id": "1234567890123-gcp-project1:abcdefghijklmnopqrstuvwz",
                "ip": "1.2.3.4",
            }
        ],
        5: [
            {
                "event_time": "2024-02-02T09:44:26.029835Z",
                "event_id": "l3jvzyd2s2s-1706867066029835",
                "event_type": "run.services.setIamPolicy",
                "severity": "warning",
                "actor": "some.user@company.com",
                "actor_type": "user",
                "subject": "projects/some-project/locations/us-west1/services/cloudrun-exfil",
                "source": "run.googleapis.com",
            }
        ],
        6: [
            {
                "event_time": "2023-03-08T18:52:52.114Z",
                "event_id": "12345-1678301572114000",
                "event_type": "v1.compute.subnetworks.patch",
                "severity": "info",
                "actor": "user1@company.io",
                "actor_type": "user",
                "subject": "projects/test-project/regions/us-central1/subnetworks/default",
                "subject_type": "gce_subnetwork",
                "source": "compute.googleapis.com",
                "trace_id": "operation-abcdefg-1234567",
                "ip": "1.2.3.4",
            }
        ],
    },
    "okta": {
        1: [
            {
                "event_time": "2020-11-25T21:27:03.496Z",
                "event_id": "2a992f80-d1ad-4f62-900e-8c68bb72a21b",
                "event_type": "user.account.privilege.grant",
                "severity": "success",
                "actor": "00uu1uuuuIlllaaaa356",
                "actor_type": "user",
                "subject": "00u6eup97mAJZWYmP357",
                "subject_type": "user",
                "source": "okta",
                "ip": "136.24.229.58",
            }
        ],
        2: [
            {
                "event_time": "2022-06-22T18:18:29.015Z",
                "event_id": "AbC-123-XyZ",
                "event_type": "policy.evaluate_sign_on",
                "severity": "info",
                "actor": "00abc123",
                "actor_type": "user",
                "subject": "0002222AAAA",
                "subject_type": "user",
                "source": "okta",
                "trace_id": "ABcDeFgG",
                "ip": "1.3.2.4",
            }
        ],
        3: [
            {
                "event_time": "2024-05-02T18:46:21.121Z",
                "event_id": "44aeb388-08b4-11ef-9cec-73ffcb6f9fdd",
                "event_type": "system.org.rate_limit.warning",
                "severity": "warning",
                "actor": "00u99ped55av2JpGs5d7",
                "actor_type": "user",
                "subject": "/api/v1/logs",
                "subject_type": "url_pattern",
                "source": "okta",
                "trace_id": "234cf34e0081e025e1fe14224464bbd6",
                "ip": "11.22.33.44",
            }
        ],
        4: [
            {
                "event_time": "2022-12-13T15:22:58.759Z",
                "event_id": "abc-1234-aaa",
                "event_type": "app.oauth2.token.detect_reuse",
                "severity": "success",
                "actor": "okta.1234.",
                "actor_type": "public_client_app",
                "subject": "abcd123",
                "subject_type": "user",
                "source": "okta",
                "trace_id": "SDKFLSKLFJSLF",
                "ip": "1.2.3.4",
            }
        ],
        5: [
            {
                "event_time": "2022-12-14T19:16:32.015Z",
                "event_id": "asdfa-1234-asdfdas",
                "event_type": "security.threat.detected",
                "severity": "warning",
                "actor": "1.2.3.4",
                "actor_type": "ip_address",
                "source": "okta",
                "trace_id": "asdfjaslf",
                "ip": "1.2.3.4",
            }
        ],
    },
    "slack": {
        1: [
            {
                "event_time": "2022-07-28T16:48:14Z",
                "event_id": "9d9b76ce-47bb-4838-a96a-1b5fd4d1b564",
                "event_type": "app_scopes_expanded",
                "actor": "A012B3CDEFG",
                "actor_type": "user",
                "subject": "T01234N56GB",
                "subject_type": "workspace",
                "source": "slack",
                "ip": "1.2.3.4",
            }
        ],
        2: [
            {
                "event_time": "2021-06-08T22:16:15Z",
                "event_id": HASH,
                "event_type": "app_installed",
                "actor": "W012J3FEWAU",
                "actor_type": "user",
                "subject": "A049JV0H0KC",
                "subject_type": "app",
                "source": "slack",
                "ip": "1.2.3.4",
            }
        ],
        3: [
            {
                "event_time": "2024-08-19T13:54:53Z",
                "event_id": "95edcb27-132a-4420-9229-783b38a16b5a",
                "event_type": "anomaly",
                "actor": "W012J3FEWAU",
                "actor_type": "user",
                "subject": "W012J3FEWAU",
                "subject_type": "user",
                "source": "slack",
                "ip": "1.2.3.4",
            }
        ],
    },
    "google_workspace": {
        1: [
            {
                "event_time": "2022-12-11T02:57:48.693Z",
                "event_id": "-12456-1670727468693000-DELETE_ROLE",
                "event_type": "admin.delete_role",
                "actor": "example@example.io",
                "actor_type": "user",
                "subject": "CustomAdminRoleName",
                "subject_type": "role",
                "source": "admin",
                "trace_id": "-12456",
                "ip": "12.12.12.12",
            }
        ],
        2: [
            {
                "event_time": "2020-09-07T15:50:49.617Z",
                "event_id": "1111111111111111111-1599493849617000-change_user_access",
                "event_type": "drive.change_user_access",
                "actor": "example@acme.com",
                "actor_type": "user",
                "subject": "1111111111111111111",
                "subject_type": "document",
                "source": "drive",
                "trace_id": "1111111111111111111",
            }
        ],
        3: [
            {
                "event_time": "2021-06-04T09:59:53.650807Z",
                "event_id": HASH,
                "event_type": "login.login_failure",
                "severity": "warning",
                "actor": "bob@example.com",
                "actor_type": "user",
                "source": "login",
                "ip": "111.111.111.111",
            }
        ],
        4: [
            {
                "event_time": "2026-09-21T14:13:20.123Z",
                "event_id": f"-77-1790000000123000-{name}",
                "event_type": f"admin.{kind}",
                "actor": "admin@example.com",
                "actor_type": "user",
                "subject": subject,
                "subject_type": "user",
                "source": "admin",
                "trace_id": "-77",
                "ip": "203.0.113.7",
            }
            for name, kind, subject in (
                ("CREATE_USER", "create_user", "bo@example.com"),
                ("GRANT_ADMIN_PRIVILEGE", "grant_admin_privilege", "bo@example.com"),
                ("GRANT_ADMIN_PRIVILEGE-1", "grant_admin_privilege", "cy@example.com"),
            )
        ],
    },
    "azure": {
        1: [
            {
                "event_time": "2025-01-15T09:30:45.123Z",
                "event_id": HASH,
                "event_type": "sign_in_logs.sign_in_activity",
                "severity": "success",
                "actor": "user-victim-123",
                "actor_type": "user",
                "subject": "Microsoft Graph",
                "subject_type": "application",
                "source": "entra",
                "trace_id": "device-code-001",
                "device_id": "device-attacker-456",
                "ip": "2.2.2.2",
            }
        ],
        2: [
            {
                "event_time": "2025-01-15T14:15:35.345Z",
                "event_id": HASH,
                "event_type": "audit_logs.remove_role_assignment",
                "severity": "success",
                "actor": "user-security-777",
                "actor_type": "user",
                "subject": "user-former-888",
                "subject_type": "user",
                "source": "Microsoft.Authorization",
                "trace_id": "role-remove-001",
                "ip": "198.51.100.150",
            }
        ],
        3: [
            {
                "event_time": "2023-07-26T23:00:20.889Z",
                "event_id": "36658c78-02d9-4d8f-84ee-5ca4a3fdefef",
                "event_type": "service_principal_sign_in_logs.sign_in_activity",
                "severity": "warning",
                "actor": "b1c34143-e405-4058-8e29-84596ad737b8",
                "actor_type": "service_principal",
                "subject": "037694de-8c7d-498d-917d-edb650090fa5",
                "subject_type": "application",
                "source": "entra",
                "trace_id": "e1f237ef-6548-4172-be79-03818c04c06e",
                "ip": "12.12.12.12",
            }
        ],
        4: [
            {
                "event_time": "2024-12-10T14:33:09.049661Z",
                "event_id": "Invited Users_123456789",
                "event_type": "audit_logs.invite_external_user",
                "severity": "warning",
                "actor": "123456789",
                "actor_type": "user",
                "subject": "123456789",
                "subject_type": "user",
                "source": "Invited Users",
                "trace_id": "123456789",
                "ip": "1.1.1.1",
            }
        ],
        5: [
            {
                "event_time": "2022-02-09T03:04:26.49265Z",
                "event_id": "648230f9-fba4-4def-8a83-118b158b748a",
                "event_type": "Microsoft.Compute.virtualMachines.delete",
                "severity": "info",
                "actor": "fakeemail@fakedomain.com",
                "actor_type": "user",
                "subject": VM,
                "subject_type": "virtual_machines",
                "source": "Microsoft.Compute",
                "trace_id": "c0c54eb6-3a17-42e2-b6f6-37484ac276c4",
                "ip": "1.2.3.4",
            }
        ],
        6: [
            {
                "event_time": "2022-02-09T03:04:54.297853Z",
                "event_id": "587eda65-125e-48c2-9b04-ab5e8d3a1d8e",
                "event_type": "Microsoft.Compute.disks.delete",
                "severity": "info",
                "actor": "12345678-9abc-defg-hijk-lmnopqrstuvw",
                "actor_type": "app",
                "subject": DISK,
                "subject_type": "disks",
                "source": "Microsoft.Compute",
                "trace_id": "c0c54eb6-3a17-42e2-b6f6-37484ac276c4",
                "ip": "1.2.3.4",
            }
        ],
        7: [
            {
                "event_time": "2026-09-21T14:13:20.123456Z",
                "event_id": "Directory_ABC_1",
                "event_type": "audit_logs.add_user",
                "severity": "success",
                "actor": "sp-1",
                "actor_type": "app",
                "subject": "u-9",
                "subject_type": "user",
                "source": "Core Directory",
                "trace_id": "corr-1",
            }
        ],
        8: [
            {
                "event_time": "2026-09-21T14:13:21Z",
                "event_id": "signin-1",
                "event_type": "sign_in_logs.sign_in_activity",
                "severity": "warning",
                "actor": "u-1",
                "actor_type": "user",
                "subject": "res-1",
                "subject_type": "application",
                "source": "entra",
                "trace_id": "corr-2",
                "device_id": "dev-1",
                "ip": "203.0.113.7",
            }
        ],
        9: [
            {
                "event_time": "2026-09-21T14:13:22Z",
                "event_id": HASH,
                "event_type": "MICROSOFT.COMPUTE.VIRTUALMACHINES.WRITE",
                "severity": "error",
                "actor": "obj-1",
                "actor_type": "user",
                "subject": "/SUBSCRIPTIONS/S1/RESOURCEGROUPS/R1/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/VM1",
                "subject_type": "virtualmachines",
                "source": "MICROSOFT.COMPUTE",
                "trace_id": "corr-3",
                "ip": "203.0.113.7",
            }
        ],
        10: [
            {
                "event_time": "2026-09-21T14:13:23.123456Z",
                "event_id": "data-4",
                "event_type": "Microsoft.KeyVault.vaults.write",
                "severity": "warning",
                "actor": "ada@example.com",
                "actor_type": "user",
                "subject": "/subscriptions/s1/resourceGroups/r1/providers/Microsoft.KeyVault/vaults/v1",
                "subject_type": "vaults",
                "source": "Microsoft.KeyVault",
                "trace_id": "corr-4",
                "ip": "203.0.113.7",
            }
        ],
    },
    "stripe": {
        1: [
            {
                "event_time": "2026-09-21T14:13:20Z",
                "event_id": "evt_1",
                "event_type": "customer.subscription.updated",
                "subject": "sub_1",
                "subject_type": "subscription",
                "source": "stripe",
                "trace_id": "req_1",
            }
        ],
        2: [
            {
                "event_time": "2026-09-21T14:13:21Z",
                "event_id": "evt_2",
                "event_type": "payment_intent.succeeded",
                "severity": "success",
                "subject": "pi_2",
                "subject_type": "payment_intent",
                "source": "stripe",
            }
        ],
        3: [
            {
                "event_time": "2026-09-21T14:13:22Z",
                "event_id": "evt_3",
                "event_type": "charge.failed",
                "severity": "warning",
                "subject": "ch_3",
                "subject_type": "charge",
                "source": "stripe",
                "trace_id": "iar_3",
            }
        ],
    },
    "cloudevents": {
        1: [
            {
                "event_time": "2026-09-21T14:13:20Z",
                "event_id": "https://example.com/storage/tenant/container|A234-1234-1234",
                "event_type": "com.example.object.deleted.v2",
                "actor": "user_7",
                "actor_type": "user",
                "subject": "mynewfile.jpg",
                "source": "https://example.com/storage/tenant/container",
                "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
            }
        ],
        2: [
            {
                "event_time": "2026-09-21T12:13:21.5Z",
                "event_id": "/jobs|1",
                "event_type": "com.example.job.failed",
                "severity": "warning",
                "source": "/jobs",
            }
        ],
        3: [{"reason": "time: missing, and without a time an event has no place"}],
        4: [
            {
                "event_time": "2026-09-21T14:13:22Z",
                "event_id": "/people|9",
                "event_type": "com.example.user.invited",
                "severity": "warning",
                "actor": "user_7",
                "actor_type": "user",
                "subject": "user_8",
                "source": "/people",
                "ip": "203.0.113.7",
            }
        ],
    },
    "otlp": {
        1: [
            {
                "event_time": "2026-09-21T14:13:20.123456Z",
                "event_id": HASH,
                "event_type": "order.created",
                "severity": "info",
                "actor": "user_7",
                "actor_type": "user",
                "subject": "order_1",
                "source": "checkout",
                "trace_id": "5b8efff798038103d269b633813fc60c",
                "ip": "203.0.113.7",
            },
            {
                "event_time": "2026-09-21T14:13:21Z",
                "event_id": HASH,
                "event_type": "order.slow",
                "severity": "warning",
                "source": "checkout",
            },
            {
                "event_time": "2026-09-21T14:13:22Z",
                "event_id": HASH,
                "event_type": "log",
                "severity": "error",
                "source": "worker",
            },
            {"reason": "timeUnixNano: missing or 0, and observedTimeUnixNano too"},
        ],
        2: [
            {
                "event_time": "2026-09-21T14:13:23Z",
                "event_id": HASH,
                "event_type": "invoice.sent",
                "actor": "user_8",
                "actor_type": "user",
                "source": "billing",
            }
        ],
        3: [],
    },
    "ocsf": {
        1: [
            {
                "event_time": "2022-06-25T00:27:53Z",
                "event_id": HASH,
                "event_type": "dns_activity.response",
                "severity": "info",
                "subject": "dynamodb.us-west-2.amazonaws.com.",
                "subject_type": "hostname",
                "source": "Route 53",
                "ip": "5.6.7.8",
            }
        ],
        2: [
            {
                "event_time": "2026-09-21T14:13:20.123Z",
                "event_id": "meta-1",
                "event_type": "authentication.logon",
                "severity": "warning",
                "subject": "user_7",
                "subject_type": "user",
                "source": "IdP",
                "trace_id": "corr-1",
                "device_id": "dev-1",
                "ip": "203.0.113.7",
            }
        ],
        3: [
            {
                "event_time": "2026-09-21T14:13:21Z",
                "event_id": "meta-2",
                "event_type": "api_activity.create",
                "severity": "error",
                "actor": "arn:aws:iam::1:user/ada",
                "actor_type": "iam_user",
                "subject": "arn:aws:iam::1:user/bo",
                "subject_type": "aws_iam_user",
                "source": "CloudTrail",
            }
        ],
    },
    "ecs": {
        1: [
            {
                "event_time": "2026-09-21T14:13:20.123Z",
                "event_id": "e1",
                "event_type": "user.login",
                "severity": "warning",
                "actor": "u1",
                "actor_type": "user",
                "subject": "u2",
                "subject_type": "user",
                "source": "okta.system",
                "trace_id": "t1",
                "device_id": "h1",
                "ip": "203.0.113.7",
            }
        ],
        2: [
            {
                "event_time": "2026-09-21T14:13:21Z",
                "event_id": HASH,
                "event_type": "4625",
                "severity": "error",
                "actor": "ada",
                "actor_type": "user",
                "subject": "/etc/passwd",
                "subject_type": "file",
                "source": "Microsoft-Windows-Security-Auditing",
            }
        ],
        3: [
            {
                "event_time": "2026-09-21T14:13:22Z",
                "event_id": "es-3",
                "event_type": "file-created",
                "subject": "/tmp/x",
                "subject_type": "file",
                "source": "fim",
            }
        ],
    },
    "zoom": {
        1: [
            {
                "event_time": "2021-06-27T00:08:28.792Z",
                "event_id": HASH,
                "event_type": "user.add",
                "actor": "abe@simpson.io",
                "actor_type": "user",
                "subject": "homer@simpson.io",
                "subject_type": "user",
                "source": "zoom",
            }
        ],
        2: [
            {
                "event_time": "2022-12-16T18:15:38Z",
                "event_id": HASH,
                "event_type": "account.update",
                "actor": "example@example.io",
                "actor_type": "user",
                "source": "zoom",
            }
        ],
        3: [
            {
                "event_time": "2021-11-17T00:37:24Z",
                "event_id": HASH,
                "event_type": "user_group.update",
                "actor": "homer@panther.io",
                "actor_type": "user",
                "source": "zoom",
            }
        ],
    },
    "onelogin": {
        1: [
            {
                "event_time": "2021-06-27T00:08:28.792Z",
                "event_id": HASH,
                "event_type": "login.succeeded",
                "severity": "success",
                "actor": "123456",
                "actor_type": "user",
                "subject": "12345",
                "subject_type": "user",
                "source": "onelogin",
                "ip": "192.168.1.1",
            }
        ],
        2: [
            {
                "event_time": "2021-06-04T09:59:53.650807Z",
                "event_id": HASH,
                "event_type": "login.failed",
                "severity": "warning",
                "actor": "123456",
                "actor_type": "user",
                "subject": "123456",
                "subject_type": "user",
                "source": "onelogin",
                "ip": "1.2.3.4",
            }
        ],
        3: [{"reason": "created_at: missing, and without a time an event has no place"}],
        4: [
            {
                "event_time": "2026-09-21T14:13:20.123Z",
                "event_id": "123456789",
                "event_type": "event.8",
                "actor": "Mapping",
                "actor_type": "system",
                "subject": "42",
                "subject_type": "user",
                "source": "onelogin",
                "device_id": "5",
                "ip": "203.0.113.7",
            }
        ],
    },
}
"""Format -> line of its samples -> what the record must become; a column that is not named must be empty."""

CASES = [(name, number) for name, lines in EXPECTED.items() for number in lines]


def columns_of(event: Event | Rejected) -> dict[str, Any]:
    """Return what an event says, without what every test would have to repeat."""
    if isinstance(event, Rejected):
        return {"reason": event.reason}
    said = {name: getattr(event, name) for name in NAMES}
    del said["payload"], said["ingested_at"]
    if said["event_id"].startswith(HASH):
        said["event_id"] = HASH
    return {name: value for name, value in said.items() if value is not None}


@pytest.mark.parametrize(("name", "number"), CASES, ids=lambda value: str(value))
def test_a_sample_becomes_what_a_reader_of_it_would_expect(name: str, number: int) -> None:
    """Id, time, type, severity, actor, subject, source, trace, device and address, and nothing that is not there."""
    line = sample(name)[number - 1]
    expected = [
        {key: micros(value) if key == "event_time" else value for key, value in wanted.items()}
        for wanted in EXPECTED[name][number]
    ]

    assert [columns_of(event) for event in read(BY_NAME[name], line)] == expected


def test_every_format_is_expected_to_read_three_events_at_least() -> None:
    """The answers cover all formats."""
    answers = {
        name: sum("event_time" in event for events in lines.values() for event in events)
        for name, lines in EXPECTED.items()
    }

    assert set(answers) == set(BY_NAME)
    assert {name: count for name, count in answers.items() if count < 3} == {}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_payload_is_the_record_byte_for_byte(name: str) -> None:
    """Nothing is parsed and written again, so that numbers, order and spaces stay."""
    form = BY_NAME[name]
    for line in sample(name):
        events = read(form, line)
        if len(events) == 1 and isinstance(events[0], Event) and "body_b64" not in line.fields:
            assert events[0].payload is not None
            if "logtui_masked" not in events[0].payload:
                assert events[0].payload.encode() == line.record.text
            assert events[0].ingested_at == INGESTED_AT


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_second_reading_gives_the_same_ids(name: str) -> None:
    """So that a second import adds nothing; and two events of the samples never share one."""
    form = BY_NAME[name]
    first, second = (
        [event.event_id for line in sample(name) for event in read(form, line) if isinstance(event, Event)]
        for _ in range(2)
    )

    assert first == second
    assert len(set(first)) == len(first)
