"""Makes `src/logtui/storage/words/language.py`: which three letters stand after each other in words.

From the word lists that Debian installs as /usr/share/dict (packages wamerican, wngerman, wfrench, wspanish), and from
the names of event types. Only letters a to z count: the filter knows no others.

Run it again only with a new version of the filter's format: a filter that was made by another list finds too little.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
LISTS = {"american-english": 3.0, "spanish": 1.0, "ngerman": 0.3, "french": 0.3}
"""Word list -> how much a word of it counts; the last two are long because they list every form."""
TRIPLES = 6_000
PAIRS = 450
LETTERS = 26
WIDTH = 100


def main() -> None:
    counts: dict[int, Counter[str]] = {2: Counter(), 3: Counter()}
    for name, weight in LISTS.items():
        for word in Path("/usr/share/dict", name).read_text("utf-8").lower().splitlines():
            if word.isascii() and word.isalpha():
                for length, counter in counts.items():
                    for at in range(len(word) - length + 1):
                        counter[word[at : at + length]] += weight
    chosen = {
        length: {text for text, _ in counts[length].most_common(most)} for length, most in ((2, PAIRS), (3, TRIPLES))
    }
    for word in re.findall("[a-z]+", (ROOT / "src/logtui/data/event_types.json").read_text("utf-8").lower()):
        for length, texts in chosen.items():
            texts.update(word[at : at + length] for at in range(len(word) - length + 1))
    share = sum(counts[3][text] for text in chosen[3]) / counts[3].total()
    lines = [
        '"""Which letters stand after each other in words. Made by `data/make_triples.py`; see there."""',
        "",
        "from __future__ import annotations",
        "",
        "import base64",
        "",
        f"# {len(chosen[2])} pairs, and {len(chosen[3]):,} triples: {share:.1%} of those in the words they come from.",
        *constant("_PAIRS", chosen[2], 2),
        *constant("_TRIPLES", chosen[3], 3),
        "",
        "PAIRS = base64.b85decode(_PAIRS)",
        "TRIPLES = base64.b85decode(_TRIPLES)",
        '"""A bit for each pair and triple of letters, the lowest first; by number, the first letter counts least."""',
        "",
    ]
    (ROOT / "src/logtui/storage/words/language.py").write_text("\n".join(lines), "utf-8")


def constant(name: str, texts: set[str], length: int) -> list[str]:
    bits = 0
    for text in texts:
        bits |= 1 << sum((ord(char) - ord("a")) * LETTERS**at for at, char in enumerate(text))
    code = base64.b85encode(bits.to_bytes(-(-(LETTERS**length) // 8), "little")).decode()
    parts = [f'    "{code[at : at + WIDTH]}"' for at in range(0, len(code), WIDTH)]
    return [f"{name} = (", *parts, ")"]


if __name__ == "__main__":
    main()
