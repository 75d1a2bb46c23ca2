"""One module a vendor's format, each with its samples in `samples/`; `FORMATS` is the order in which they are tried."""

from __future__ import annotations

from logtui.services.ingest.formats import (
    auth0,
    azure,
    clerk_log,
    clerk_webhook,
    cloudevents,
    cloudtrail,
    ecs,
    gcp_audit,
    github_audit,
    github_webhook,
    google_workspace,
    ocsf,
    okta,
    onelogin,
    otlp,
    slack,
    stripe,
    workos,
    zoom,
)
from logtui.services.ingest.formats.format import Format


def formats(*, is_masked: bool = True) -> tuple[Format, ...]:
    """Return all formats, those with the most telling keys first; with `is_masked`, secrets in payloads are hidden."""
    return (
        otlp.FORMAT,
        cloudevents.FORMAT,
        clerk_webhook.ClerkWebhook(is_masked=is_masked),
        cloudtrail.FORMAT,
        gcp_audit.FORMAT,
        google_workspace.FORMAT,
        ocsf.FORMAT,
        workos.FORMAT,
        stripe.FORMAT,
        auth0.FORMAT,
        okta.FORMAT,
        azure.FORMAT,
        onelogin.FORMAT,
        zoom.FORMAT,
        slack.FORMAT,
        github_audit.FORMAT,
        github_webhook.FORMAT,
        ecs.FORMAT,
        clerk_log.FORMAT,
    )


FORMATS = formats()
"""All formats, masking."""
