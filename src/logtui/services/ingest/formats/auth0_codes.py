"""Auth0's short codes for log events, as dotted names.

From the code table of Auth0's documentation (auth0.com/docs/deploy-monitor/logs/log-event-type-codes) and its tables of
log stream filters. The last word is the outcome, so that `is:failure` finds what went wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_EXCHANGES: Mapping[str, str] = MappingProxyType(
    {
        "acft": "authorization_code",
        "ccft": "client_credentials",
        "cte": "custom_token",
        "de": "device_code",
        "ns": "native_social_login",
        "oobft": "password_oob",
        "otpft": "password_otp",
        "pft": "password",
        "potpft": "passwordless_otp",
        "pkoobft": "passkey_oob",
        "pkotpft": "passkey_otp",
        "pkrcft": "passkey_recovery_code",
        "rcft": "password_recovery_code",
        "rrt": "rotating_refresh_token",
        "rtft": "refresh_token",
        "stft": "subject_token",
    }
)
"""What follows `se` (succeeded) or `fe` (failed): what was exchanged for a token."""

_PAIRS: Mapping[str, str] = MappingProxyType(
    {
        "api": "api_operation",
        "ce": "user.email.change",
        "coa": "login.cross_origin",
        "cp": "user.password.change",
        "cph": "user.password.change_hook",
        "cpn": "user.phone_number.change",
        "cpr": "user.password.change_request",
        "cu": "user.username.change",
        "d": "delegation",
        "du": "user.deletion",
        "i": "invitation.accept",
        "lo": "logout",
        "s": "signup",
        "sa": "login.silent",
        "ui": "user.import",
        "v": "email.verification",
        "vr": "email.verification_request",
    }
)
"""What follows `s` (succeeded) or `f` (failed)."""

_OTHERS: Mapping[str, str] = MappingProxyType(
    {
        "s": "login.succeeded",
        "f": "login.failed",
        "fc": "login.connector.failed",
        "fco": "login.origin.blocked",
        "fp": "login.password.failed",
        "fu": "login.username.failed",
        "w": "login.warning",
        "scv": "login.credentials.succeeded",
        "fcpro": "connector.provisioning.failed",
        "fdeac": "device.activation.failed",
        "fdeaz": "device.authorization.failed",
        "fdecc": "device.confirmation.canceled",
        "fn": "notification.failed",
        "wn": "notification.warning",
        "fpar": "pushed_authorization_request.failed",
        "fpurh": "signup.post_registration_hook.failed",
        "srrt": "refresh_token.revoked",
        "sscim": "scim.succeeded",
        "fscim": "scim.failed",
        "wum": "user.management.warning",
        "acls_summary": "acl.summary",
        "actions_execution_failed": "action.execution.failed",
        "admin_update_launch": "auth0.update.launched",
        "api_limit": "api_limit.exceeded",
        "api_limit_warning": "api_limit.warning",
        "appi": "api_limit.increased",
        "appliance_configuration_api_read": "appliance.configuration.read",
        "appliance_configuration_api_status": "appliance.configuration.checked",
        "appliance_configuration_api_write": "appliance.configuration.updated",
        "ciba_exchange_failed": "token_exchange.ciba.failed",
        "ciba_exchange_succeeded": "token_exchange.ciba.succeeded",
        "ciba_start_failed": "login.ciba.failed",
        "ciba_start_succeeded": "login.ciba.succeeded",
        "cls": "passwordless.link.sent",
        "cs": "passwordless.code.sent",
        "coff": "connector.offline",
        "con": "connector.online",
        "depnote": "deprecation.noted",
        "du": "user.deleted",
        "federated_logout_failed": "logout.federated.failed",
        "flows_execution_completed": "flow.execution.completed",
        "flows_execution_failed": "flow.execution.failed",
        "forms_submission_failed": "form.submission.failed",
        "forms_submission_succeeded": "form.submission.succeeded",
        "gd_auth_email_verification": "mfa.email.succeeded",
        "gd_auth_fail_email_verification": "mfa.email.failed",
        "gd_auth_failed": "mfa.failed",
        "gd_auth_rejected": "mfa.rejected",
        "gd_auth_succeed": "mfa.succeeded",
        "gd_enrollment_complete": "mfa.enrollment.completed",
        "gd_module_switch": "mfa.module.switched",
        "gd_otp_rate_limit_exceed": "mfa.otp.rate_limited",
        "gd_recovery_failed": "mfa.recovery.failed",
        "gd_recovery_rate_limit_exceed": "mfa.recovery.rate_limited",
        "gd_recovery_succeed": "mfa.recovery.succeeded",
        "gd_send_email": "mfa.email.sent",
        "gd_send_email_verification": "mfa.email_verification.sent",
        "gd_send_email_verification_failure": "mfa.email_verification.send_failed",
        "gd_send_pn": "mfa.push.sent",
        "gd_send_pn_failure": "mfa.push.send_failed",
        "gd_send_sms": "mfa.sms.sent",
        "gd_send_sms_failure": "mfa.sms.send_failed",
        "gd_send_voice": "mfa.voice.sent",
        "gd_send_voice_failure": "mfa.voice.send_failed",
        "gd_start_auth": "mfa.started",
        "gd_start_enroll": "mfa.enrollment.started",
        "gd_start_enroll_failed": "mfa.enrollment.failed",
        "gd_tenant_update": "mfa.tenant.updated",
        "gd_unenroll": "mfa.device.unenrolled",
        "gd_update_device_account": "mfa.device.updated",
        "gd_user_delete": "mfa.user.deleted",
        "gd_webauthn_challenge_failed": "mfa.webauthn.failed",
        "gd_webauthn_enrollment_failed": "mfa.webauthn.enrollment.failed",
        "i": "info",
        "kms_key_management_failure": "kms.key_management.failed",
        "kms_key_management_success": "kms.key_management.succeeded",
        "kms_key_state_changed": "kms.key_state.changed",
        "limit_delegation": "delegation.rate_limited",
        "limit_mu": "attack_protection.ip.blocked",
        "limit_sul": "attack_protection.user_and_ip.blocked",
        "limit_ui": "userinfo.rate_limited",
        "limit_wc": "attack_protection.account.blocked",
        "mfar": "mfa.required",
        "mgmt_api_read": "api_operation.read",
        "my_account_authentication_method_failed": "my_account.authentication_method.failed",
        "my_account_authentication_method_succeeded": "my_account.authentication_method.succeeded",
        "oidc_backchannel_logout_failed": "logout.backchannel.failed",
        "oidc_backchannel_logout_succeeded": "logout.backchannel.succeeded",
        "organization_member_added": "organization.member.added",
        "passkey_challenge_failed": "passkey.challenge.failed",
        "passkey_challenge_started": "passkey.challenge.started",
        "pla": "login.pre_assessment",
        "pwd_leak": "login.password.pwned",
        "reset_pwd_leak": "user.password.reset.pwned",
        "signup_pwd_leak": "signup.password.pwned",
        "resource_cleanup": "resource.cleaned_up",
        "rich_consents_access_error": "rich_consent.access.failed",
        "ss_sso_failure": "self_service_sso.failed",
        "ss_sso_info": "self_service_sso.info",
        "ss_sso_success": "self_service_sso.succeeded",
        "sys_os_update_end": "auth0.os_update.ended",
        "sys_os_update_start": "auth0.os_update.started",
        "sys_update_end": "auth0.update.ended",
        "sys_update_start": "auth0.update.started",
        "too_many_records": "authenticator.limit_exceeded",
        "ublkdu": "attack_protection.user.unblocked",
        "universal_logout_failed": "logout.universal.failed",
        "universal_logout_succeeded": "logout.universal.succeeded",
    }
)

NAMES: Mapping[str, str] = MappingProxyType(
    {f"s{code}": f"{name}.succeeded" for code, name in _PAIRS.items()}
    | {f"f{code}": f"{name}.failed" for code, name in _PAIRS.items()}
    | {f"se{code}": f"token_exchange.{name}.succeeded" for code, name in _EXCHANGES.items()}
    | {f"fe{code}": f"token_exchange.{name}.failed" for code, name in _EXCHANGES.items()}
    | dict(_OTHERS)
)
"""Code -> dotted name. A code that is not in it stays as it is."""
