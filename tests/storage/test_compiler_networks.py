"""The patterns for addresses accept exactly the spellings that Python's `ipaddress` accepts."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.storage.duckdb.network_pattern import address_pattern, network_pattern

# Mostly zeros, so that there are runs to write as ::
_GROUPS = st.lists(
    st.sampled_from((0, 0, 0, 1, 0xDB8, 0x2001, 0xFFFF)) | st.integers(0, 0xFFFF), min_size=8, max_size=8
)


@st.composite
def ipv6_spellings(draw: st.DrawFn, groups: list[int]) -> str:
    """One of the many ways to write an IPv6 address."""
    texts = [f"{group:x}".zfill(draw(st.integers(1, 4))) for group in groups]
    if draw(st.integers(0, 3)) == 0:
        texts[6:] = [str(IPv4Address(groups[6] << 16 | groups[7]))]
    zeros = [place for place, text in enumerate(texts) if set(text) == {"0"}]
    spelled = ":".join(texts)
    if draw(st.booleans()) and zeros:
        first = draw(st.sampled_from(zeros))
        end = next(place for place in range(first, len(texts) + 1) if place not in zeros)
        last = draw(st.integers(first, end - 1))
        spelled = f"{':'.join(texts[:first])}::{':'.join(texts[last + 1 :])}"
    return draw(st.sampled_from((spelled, spelled, spelled.upper(), f"{spelled}%eth0")))


@st.composite
def addresses_near(draw: st.DrawFn, groups: list[int]) -> str:
    """A spelling of the address, of one that differs in one bit, or of none at all."""
    bit = draw(st.none() | st.integers(0, 127))
    near = list(groups)
    if bit is not None:
        near[bit // 16] ^= 1 << bit % 16
    text = draw(ipv6_spellings(near))
    if draw(st.integers(0, 3)) == 0:
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from((":", ".", "0", "g", "%", "/", " ", "\n", ""))) + text[place + 1 :]
    return text


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


class TestIPv6:
    @settings(max_examples=120, deadline=None)
    @given(data=st.data(), groups=_GROUPS, prefix=st.integers(0, 128))
    def test_network_has_all_spellings_of_its_addresses(
        self, data: st.DataObject, groups: list[int], prefix: int
    ) -> None:
        """A text matches if and only if it is an address of the network."""
        number = sum(group << 16 * place for place, group in enumerate(reversed(groups)))
        network = ip_network((number, prefix), strict=False)
        pattern = network_pattern(str(network))
        for _ in range(5):
            text = data.draw(addresses_near(groups))
            address = _parsed(text)
            is_inside = address is not None and address in network
            assert (re.fullmatch(pattern, text) is not None) == is_inside, text

    @settings(max_examples=60, deadline=None)
    @given(data=st.data(), groups=_GROUPS)
    def test_address_has_all_its_spellings(self, data: st.DataObject, groups: list[int]) -> None:
        """A text matches if and only if it is the same address, in the same zone."""
        wanted = data.draw(ipv6_spellings(groups))
        pattern = address_pattern(wanted)
        assert pattern is not None
        for _ in range(5):
            text = data.draw(addresses_near(groups))
            assert (re.fullmatch(pattern, text) is not None) == (_parsed(text) == _parsed(wanted)), text


class TestIPv4:
    @settings(max_examples=200, deadline=None)
    @given(number=st.integers(0, 2**32 - 1), prefix=st.integers(0, 32), bit=st.integers(0, 31))
    def test_network_has_its_addresses(self, number: int, prefix: int, bit: int) -> None:
        """An address matches if and only if it is in the network."""
        network = ip_network((number, prefix), strict=False)
        for address in (IPv4Address(number), IPv4Address(number ^ 1 << bit)):
            is_match = re.fullmatch(network_pattern(str(network)), str(address)) is not None
            assert is_match == (address in network), address

    @pytest.mark.parametrize(
        "text", ["10.0.0.01", "10.0.0", "10.0.0.256", "10.0.0.1 ", "10.0.0.1\n", "10.0.0.١", "::a00:1"]
    )
    def test_other_texts_are_in_no_network(self, text: str) -> None:
        """What is no IPv4 address does not match even the network of all."""
        assert re.fullmatch(network_pattern("0.0.0.0/0"), text) is None

    @pytest.mark.parametrize("text", ["203.0.113.7", "localhost", "", "203.0.113.07"])
    def test_has_no_other_spelling(self, text: str) -> None:
        """Such a text is compared as it is, which is faster."""
        assert address_pattern(text) is None
