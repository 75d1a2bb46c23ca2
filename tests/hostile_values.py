"""Texts that want something from a terminal, a spreadsheet or a reader: as many as are asked for, always the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import chain, cycle, islice

ESC, ST, BEL = "\x1b", "\x1b\\", "\x07"

SEQUENCES = (
    # CSI: clear, move, colour, modes, reports, insert and delete, scroll regions, window operations, repeat
    "[2J", "[3J", "[1;1H", "[999;999H", "[10A", "[10B", "[5C", "[5D", "[3E", "[3F", "[1G", "[0K", "[1K", "[2K", "[31m",
    "[5m", "[8m", "[7;1;4;9m", "[38;2;0;0;0;48;2;0;0;0m", "[?1049h", "[?1049l", "[?47h", "[?25l", "[?25h", "[?7l",
    "[?3h", "[?5h", "[?6h", "[?1000h", "[?1003h", "[?1006h", "[?1004h", "[?2004l", "[?2026h", "[?1016h", "[?69h",
    "[4h", "[20h", "[2h", "[12l", "[c", "[>c", "[=c", "[6n", "[?6n", "[5n", "[?15n", "[?996n", "[x", "[0x", "[?1$p",
    "[14t", "[18t", "[19t", "[20t", "[21t", "[22;0t", "[23;0t", "[3;0;0t", "[8;1;1t", "[1t", "[2t", "[9;1t", "[10L",
    "[10M", "[10P", "[10@", "[10X", "[1;1r", "[5;10r", "[10S", "[10T", "[100b", "[3g", "[s", "[u", "[!p", "[0q",
    "[5 q", "[1\"q", "[61\"p", "[>4;2m", "[>1u", "[<u", "[=1u", "[?u", "[1;2;3;4;5*y", "[1;1;5;5$x", "[1;1;5;5$z",
    "[>0q", "[?1;1S", "[>1p", "[#P", "[#{", "[1;5'z", "['|", "[1;2;3;4'w", "[i", "[4i", "[5i", "[?5i", "[#S", "[&u",
    # OSC: titles, palettes, links, notifications, clipboard, working directory, iTerm2, shell marks, pointer, fonts
    f"]0;OWNED{BEL}", f"]1;OWNED{ST}", f"]2;OWNED{ST}", f"]L;OWNED{ST}", f"]l;OWNED{ST}", f"]4;0;rgb:ff/ff/ff{BEL}",
    f"]4;0;?{BEL}", f"]7;file://evil/tmp{BEL}", f"]8;;https://evil.example{ST}bank{ESC}]8;;{ST}", f"]9;note{BEL}",
    f"]9;4;1;50{ST}", f"]9;9;C:\\evil{BEL}", f"]10;#000{BEL}", f"]10;?{BEL}", f"]11;#000{BEL}", f"]11;?{BEL}",
    f"]12;red{BEL}", f"]22;help{BEL}", f"]50;#1{BEL}", f"]50;?{BEL}", f"]52;c;cm0gLXJmIC8K{BEL}", f"]52;c;?{BEL}",
    f"]52;p;!{ST}", f"]66;s=7;big{ST}", f"]99;i=1;note{ST}", f"]104{BEL}", f"]110{BEL}", f"]112{BEL}", f"]133;A{ST}",
    f"]133;D;0{ST}", f"]176;id{BEL}", f"]440;0{BEL}", f"]555{BEL}", f"]633;E;rm{ST}", f"]697;x{BEL}", f"]701;C{BEL}",
    f"]710;font{BEL}", f"]777;notify;a;b{BEL}", f"]777;Cs;sh;{BEL}", f"]1337;File=inline=1:AAAA{BEL}",
    f"]1337;SetMark{BEL}", f"]1337;Copy=:cm0K{BEL}", f"]1337;ReportVariable=eA=={BEL}", f"]5113;ac=send{ST}",
    f"]30001{ST}", f"]7770;{BEL}", f"]I;x{ST}", "]0;never ended", "]52;c;never ended",
    # DCS, APC, PM, SOS: answers, sixels, graphics, macros, tmux and screen passing on, keys
    f"P$q\"p{ST}", f"P$qm{ST}", f"P+q544e{ST}", f"P+p544e{ST}", f"Pq#0;2;0;0;0~{ST}", f"P0;1|17/0a{ST}",
    f"P1!z414243{ST}", f"P1$tx{ST}", f"Ptmux;{ESC}{ESC}]52;c;cm0K{BEL}{ST}", f"P{ESC}]2;x{BEL}{ST}", f"P=1s{ST}",
    f"P@kitty-cmd{{}}{ST}", f"P>|x{ST}", "Pnever ended", f"_Ga=T,f=24,s=1,v=1;AAAA{ST}", f"_Gi=1,a=q;AAAA{ST}",
    f"_tmux{ST}", f"^private{ST}", f"Xstring{ST}", f"ktitle{ST}", "_never ended", "^never ended", "Xnever ended",
    # ESC: reset, charsets, keypad, alignment, index, tabs, save, locking shifts, VT52, memory, width
    "c", "#8", "#3", "#4", "#5", "#6", "(0", "(B", ")0", "*0", "+0", "-A", ".A", "/A", "%@", "%G", "%/I", "=", ">", "7",
    "8", "6", "9", "D", "E", "H", "M", "N", "O", "V", "W", "Z", "n", "o", "|", "}", "~", "l", "m", " F", " G", " L",
    "!", "Y  ", "\x1b", "\x1b[2J", "[\x08[2J", "[2\x00J", "[2\x7fJ", "[\x9b2J", "[1;\n1H", "\\", "",
)  # fmt: skip
"""Everything that is known to be obeyed by some terminal, without the ESC before it."""

OTHERS = (
    "admin\u202etxt.exe", "\u2066isolate\u2069", "\u202a\u202b\u202c\u202d", "a\u200bb\u200cc\u200dd", "\ufeffbom",
    "\u2028line\u2029paragraph", "\u00a0\u1680\u2000\u200a\u202f\u205f\u3000",
    "".join(map(chr, range(0xE0041, 0xE005B))),
    "x\ufe0f\ufe00\U000e0100", "a" + "\u0301" * 60, "\u0489" * 20, "\U000e0001\U000e007f", "\u061c\u115f\u3164\uffa0",
    "[/nope]", "[@click=app.quit]x[/]", "[bold red]x", "[link=https://evil.example]x[/link]", "$(rm -rf ~)", "`id`",
    "=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|x", "%0a", "＝1", '"=1",=1', "'=1",
    "日本語", "👨\u200d👩\u200d👧", "🇩🇪", "👍🏽", "⚠️", "हिन्दी", "العربية", "\U0001f1e6" * 7, "한\u1112\u1161\u11ab",
    "\ufdd0\uffff\U0010ffff", "\u0378", "\ue000\U000f0000", "a\r\nb\tc\x0bd\x0ce", "\r\x1b[A\x1b[2K", "x" * 300, "",
    " ",     "\x0e\x0f", "\x05", "\x08" * 9, "\x07" * 9, "\x18\x1a", "\x11\x13", "\x90q\x9c",
    "\x9d52;c;QQ==\x9c", "\x9f\x9e\x98",
)  # fmt: skip


NATURAL = (
    *("हिन्दी में एक लंबा पाठ " * count for count in (3, 4, 5, 6, 7, 8, 40)),
    "日本語のテキスト " * 40, "🇩🇪🇫🇷 flags " * 30, "한국어 텍스트 " * 40, "نص عربي " * 40, "dürfen schöne Wörter " * 20,
)  # fmt: skip
"""Texts of people, which are what they are: harmless, and wide or narrow in their own ways."""


def hostile_values(count: int, seed: int = 1, *, has_surrogates: bool = True) -> list[str]:
    """Return so many different values: each kind once, then any mixture. Without surrogates they can be UTF-8."""
    dice = random.Random(seed)
    values: Iterator[str] = chain(_each(), _mixtures(dice))
    if not has_surrogates:
        values = (value.encode("utf-8", "replace").decode() for value in values)
    found: dict[str, None] = {}
    while len(found) < count:
        found.update(dict.fromkeys(islice(values, count - len(found))))
    return [*found]


def _each() -> Iterator[str]:
    yield from NATURAL
    yield from (f"a{chr(code)}b" for code in chain(range(0x20), range(0x7F, 0xA0)))
    yield from (f"\x9b{sequence[1:]}" for sequence in SEQUENCES if sequence.startswith("["))
    yield from (ESC + sequence for sequence in SEQUENCES)
    # In neighbouring values, which stand in neighbouring cells: what the first one begins the second one ends.
    for sequence in SEQUENCES:
        yield from (f"x{ESC}{sequence[:1]}", sequence[1:])
    yield from (f"x{ESC}", "[2J", f"x{ESC}]52;c;", f"QUJD{BEL}")
    yield from OTHERS
    yield from (f"a{chr(code)}" for code in chain(range(0x2000, 0x2070), range(0xFE00, 0xFE10), range(0xFFF0, 0x10000)))


def _mixtures(dice: random.Random) -> Iterator[str]:
    kinds: tuple[Callable[[random.Random], str], ...] = (
        lambda dice: ESC + dice.choice(SEQUENCES),
        lambda dice: (
            dice.choice(("\x9b", f"{ESC}[", f"{ESC}[?", f"{ESC}[>")) + _parameters(dice) + dice.choice(_FINALS)
        ),
        lambda dice: f"{ESC}]{dice.choice(_OSC)};{_bytes(dice)}" + dice.choice((BEL, ST, "\x9c", "")),
        lambda dice: ESC + dice.choice("PX^_k") + _bytes(dice) + dice.choice((ST, "\x9c", "")),
        lambda dice: dice.choice(OTHERS),
        _bytes,
        lambda dice: bytes(dice.choices(range(256), k=dice.randint(1, 12))).decode("utf-8", "surrogateescape"),
        lambda dice: "".join(chr(dice.randrange(0x110000)) for _ in range(dice.randint(1, 8))),
        lambda dice: "".join(chr(dice.randrange(0x3000)) for _ in range(dice.randint(1, 12))),
        lambda dice: chr(dice.choice((0x1B, 0x9B, 0x202E, 0x200B, 0xE0041, 0x7F))) * dice.randint(1, 4),
    )
    for kind in cycle(kinds):
        yield "".join(each(dice) for each in (kind, *dice.sample(kinds, dice.choice((0, 0, 1, 2)))))


_INTRODUCERS = ("\x9b", f"{ESC}[", f"{ESC}[?", f"{ESC}[>")
_FINALS = "".join(map(chr, range(0x40, 0x7F)))
_OSC = (*map(str, range(20)), "22", "50", "52", "104", "133", "777", "1337", "L", "")


def _parameters(dice: random.Random) -> str:
    return ";".join(str(dice.choice((0, 1, 2, 5, 25, 1000, 1049, 2004, 99999))) for _ in range(dice.randint(0, 3)))


def _bytes(dice: random.Random) -> str:
    return bytes(dice.choices(range(256), k=dice.randint(1, 10))).decode("latin-1")
