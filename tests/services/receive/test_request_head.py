"""What is refused before a byte of the body is read."""

from __future__ import annotations

import pytest

from logtui.services.receive.answers import Answer
from logtui.services.receive.request_head import MOST_HEADER_BYTES, Head, Limits, read_head, refuse_size

LIMITS = Limits(body_bytes=1000)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 411),
        ({"transfer-encoding": "chunked"}, 411),
        ({"content-length": "5", "transfer-encoding": "chunked"}, 411),
        ({"content-length": "1001"}, 413),
        ({"content-length": "9" * 15}, 413),
        ({"content-length": "9" * 16}, 400),
        ({"content-length": "-1"}, 400),
        ({"content-length": "+5"}, 400),
        ({"content-length": "5, 5"}, 400),
        ({"content-length": "²"}, 400),
        ({"content-length": ""}, 400),
        ({"content-length": "5", "content-encoding": "gzip"}, 415),
        ({"content-length": "5", "content-encoding": "identity, br"}, 415),
    ],
)
def test_a_body_of_unknown_or_forbidden_form_is_refused(headers: dict[str, str], status: int) -> None:
    """Nothing is read that could grow."""
    answer = read_head([(name.encode(), value.encode("latin-1")) for name, value in headers.items()], LIMITS)

    assert isinstance(answer, Answer)
    assert answer.status == status


def test_a_good_head_gives_length_and_signed_headers() -> None:
    """And nothing else of what was sent."""
    raw = [(b"host", b"x"), (b"content-length", b"1000"), (b"content-encoding", b"identity"), (b"svix-id", b"msg_1")]

    assert read_head(raw, LIMITS) == Head(1000, {"svix-id": "msg_1"})


@pytest.mark.parametrize("name", [b"content-length", b"svix-id", b"webhook-signature", b"content-encoding"])
def test_a_header_that_decides_something_comes_once(name: bytes) -> None:
    """Two readers could take one each."""
    answer = read_head([(name, b"1"), (name, b"1")], LIMITS)

    assert isinstance(answer, Answer)
    assert (answer.status, answer.error) == (400, f"the header {name.decode()} is there twice")


def test_headers_are_bounded_in_size_and_number() -> None:
    """Also if they came in one piece."""
    fits = [(b"x", b"a" * (MOST_HEADER_BYTES - 5))]

    assert refuse_size(fits) is None
    assert refuse_size([*fits, (b"y", b"")]) is not None
    assert refuse_size([(b"x", b"")] * 100) is None
    assert refuse_size([(b"x", b"")] * 101) is not None
