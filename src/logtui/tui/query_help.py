"""The query language on one page: examples and forms of values. A test parses the examples."""

from __future__ import annotations

EXAMPLES = (
    ("type:sign_in.*", "types that begin with sign_in., however deep"),
    ("type:sign_in.*,sign_up.* -type:*.captcha.*", "either of the two, and nothing about captchas"),
    ("actor:user_2ab since:24h", "what one user did in the last 24 hours"),
    ("subject:org_91 -actor:system", "also events without an actor; actor:* requires one"),
    ("ip:203.0.113.0/24 is:failure", "failures from one network"),
    ("p.email:*@corp.com p.attempts:>=3", "leaves of the payload"),
    ('"password reset" since:yesterday', "these words anywhere in the event"),
    ("(actor:a OR actor:b) severity:>=warning", "groups, OR, comparisons"),
    ("around:evt_01J8~5m", "five minutes before and after one event"),
    ("since:2026-10-04T09:30 until:2026-10-05", "a time range, UTC; until a day includes it"),
)
FORMS = (
    ("a,b", "either value"),
    ("*", "any characters; alone, any value at all"),
    ('"quoted"', "every character stands for itself"),
    ("/regex/", "found anywhere in the value"),
    (">n >=n <n <=n a..b", "comparisons"),
    ("-x  NOT x  a OR b  (…)", "not, or, groups"),
    ("15m 2h 7d 4w", "so long ago"),
    ("now today yesterday fri 09:30 2026-10-04", "other times"),
)
