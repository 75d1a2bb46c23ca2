"""The small rules that formats share: names, addresses, severities, Auth0's codes."""

from __future__ import annotations

import re

import pytest

from logtui.core.query.flags import is_failure
from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.auth0_codes import NAMES
from logtui.services.ingest.formats.onelogin import TYPES
from logtui.services.ingest.formats.reading import address, as_text, dotted_snake, folded, snake, text


class TestNames:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("organizationMembership", "organization_membership"),
            ("Sign-in activity", "sign_in_activity"),
            ("User Group", "user_group"),
            ("AWS::IAM::User", "aws_iam_user"),
            ("DBInstance", "db_instance"),
            ("SignInLogs", "sign_in_logs"),
            ("NonInteractiveUserSignInLogs", "non_interactive_user_sign_in_logs"),
            ("user", "user"),
            ("IP address", "ip_address"),
            ("Add member to role in PIM completed (permanent)", "add_member_to_role_in_pim_completed_permanent"),
            ("", ""),
            (":", ":"),
        ],
    )
    def test_words_become_snake_case(self, name: str, expected: str) -> None:
        """As the catalogue writes its own."""
        assert snake(name) == expected

    def test_dots_stay(self) -> None:
        """Only the segments between them are changed."""
        assert dotted_snake("subscriptionItem.freeTrialEnding") == "subscription_item.free_trial_ending"


class TestAddresses:
    @pytest.mark.parametrize(
        ("found", "expected"),
        [
            ("203.0.113.7", "203.0.113.7"),
            ("203.0.113.7:443", "203.0.113.7"),
            ("2001:db8::7", "2001:db8::7"),
            ("::1", "::1"),
            ("::ffff:203.0.113.7", "::ffff:203.0.113.7"),
            ("[2001:db8::7]:443", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("autoscaling.amazonaws.com", None),
            ("AWS Internal", None),
            ("private", None),
            ("localhost:80", None),
            ("203.0.113", None),
            ("", None),
            (None, None),
        ],
    )
    def test_only_addresses_are_taken(self, found: str | None, expected: str | None) -> None:
        """A host name in the column of addresses would never match a network."""
        assert address(found) == expected


class TestTexts:
    @pytest.mark.parametrize(
        ("found", "expected"),
        [
            ("a", "a"),
            (" a ", "a"),
            ("", None),
            ("  ", None),
            ("é\ud800", "é\ufffd"),
            (5, "5"),
            (5.0, "5"),
            (5.5, "5.5"),
            (10**400, None),
            (float("nan"), None),
            (float("inf"), None),
            (True, None),
            (None, None),
            ([], None),
            ({}, None),
        ],
    )
    def test_texts_and_numbers_can_be_stored(self, found: object, expected: str | None) -> None:
        """Half a surrogate pair is no UTF-8."""
        assert as_text(found) == expected

    def test_a_name_is_found_in_lower_case_too(self) -> None:
        """As exporters write it."""
        assert text({"eventtype": "a"}, "eventType") == "a"
        assert text(folded({"EVENTTYPE": "a"}), "eventType") == "a"


class TestSeverities:
    def test_the_gravest_counts(self) -> None:
        """A success that the vendor warns of is a warning."""
        assert severities.gravest("success", "warning", None) == "warning"
        assert severities.gravest("info", "success") == "success"
        assert severities.gravest(None, None) is None

    def test_a_failure_is_never_called_an_error_unless_a_level_says_so(self) -> None:
        """`severity:error` is for what the vendor calls one."""
        assert severities.of_outcome("FAILURE") == "warning"
        assert severities.of_level("ERROR") == "error"
        assert severities.of_type("sign_in.password.failed") == "warning"
        assert severities.of_type("payment_intent.succeeded") == "success"
        assert severities.of_type("user.created") is None


class TestAuth0Codes:
    def test_all_names_are_dotted_words(self) -> None:
        """`type:login.*` finds every way to log in."""
        assert [name for name in NAMES.values() if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)*", name)] == []
        assert len(NAMES) >= 170

    def test_codes_of_failures_are_failures_for_a_query(self) -> None:
        """`is:failure` finds what Auth0 calls failed."""
        failed = [
            code for code in NAMES if code.startswith("f") and not code.startswith(("federated", "flows", "forms"))
        ]

        assert [code for code in failed if not is_failure(NAMES[code], None)] == ["fdecc"]
        assert [
            code for code in NAMES if code.endswith(("_failed", "_failure")) and not is_failure(NAMES[code], None)
        ] == []

    @pytest.mark.parametrize(
        ("code", "name"),
        [
            ("s", "login.succeeded"),
            ("f", "login.failed"),
            ("fp", "login.password.failed"),
            ("ss", "signup.succeeded"),
            ("slo", "logout.succeeded"),
            ("sapi", "api_operation.succeeded"),
            ("fapi", "api_operation.failed"),
            ("scp", "user.password.change.succeeded"),
            ("seacft", "token_exchange.authorization_code.succeeded"),
            ("fertft", "token_exchange.refresh_token.failed"),
            ("fepotpft", "token_exchange.passwordless_otp.failed"),
            ("sepkrcft", "token_exchange.passkey_recovery_code.succeeded"),
            ("limit_wc", "attack_protection.account.blocked"),
            ("pwd_leak", "login.password.pwned"),
            ("gd_auth_succeed", "mfa.succeeded"),
        ],
    )
    def test_the_codes_that_are_met_most(self, code: str, name: str) -> None:
        """As Auth0 documents them."""
        assert NAMES[code] == name


def test_onelogins_numbers_have_dotted_names() -> None:
    """And those that are not known keep their number."""
    assert all(re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", name) for name in TYPES.values())
