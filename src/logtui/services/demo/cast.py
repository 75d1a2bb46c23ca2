"""Names, companies, browsers and addresses that appear in the stories. Domains and addresses are reserved for examples.

Some names are hostile on purpose: real logs have them, and everything that shows a log must survive them.
"""

from __future__ import annotations

FIRST_NAMES = (
    "Ada", "Amara", "Bashir", "Carmen", "Chloé", "Dmitri", "Eleni", "Fatima", "Grace", "Hiro", "Ines", "Jamal", "Jonas",
    "Kateryna", "Lars", "Leilani", "Mateo", "Mei", "Nadia", "Noor", "Oluwaseun", "Paulo", "Priya", "Quinn", "Rosa",
    "Santiago", "Saoirse", "Tariq", "Uma", "Viktor", "Wanjiru", "Ximena", "Yuki", "Zoë", "Åsa", "Łukasz", "美咲", "伟",
    "지우", "يوسف",
)  # fmt: skip
LAST_NAMES = (
    "Abe", "Almeida", "Andersson", "Ben Salah", "Brandt", "Castillo", "Chen", "Dubois", "Eze", "Fernández", "Ferrari",
    "Goldberg", "Haddad", "Horváth", "Ivanova", "Jensen", "Kimani", "Kowalski", "Lindqvist", "Moreau", "Mwangi",
    "Nakamura", "Nguyễn", "O'Connor", "Okafor", "Papadopoulos", "Patel", "Quispe", "Rossi", "Schäfer", "Silva", "Smith",
    "Tanaka", "Turner", "Vasquez", "Weber", "Yamada", "Zimmermann", "佐藤", "王",
)  # fmt: skip
HOSTILE_NAMES = (
    ("=cmd|'/c calc'!A1", "Formula"),
    ("[red]Mallory[/red]", "[@click=app.quit]Markup[/]"),
    ("Ann\u202egpj.exe", "Bidi"),
    ("Bo\x1b[2J\x1b]0;owned\x07b", "Escape"),
    ("Zer\u200bo\u200bWidth", "\ufeffMark"),
    ("👩🏽‍💻🦊", "Emoji"),
    ("Robert'); DROP TABLE events;--", "Tables"),
    ("Z̷̢̛̈a̶̰͊l̸̰͝g̵̗̊o̴̜͝", "Combining"),
)
COMPANIES = (
    ("Northwind Traders", "northwind.example"), ("Acme Robotics", "acme.example"), ("Blue Heron", "heron.example"),
    ("Kestrel Logistics", "kestrel.example"), ("Lumen & Sons", "lumen.example"), ("Marigold Bank", "marigold.example"),
    ("Orchard Labs", "orchard.example"), ("Quartz Mining", "quartz.example"), ("Sable Films", "sable.example"),
    ("Tidewater Energy", "tidewater.example"), ("Umbra Security", "umbra.example"), ("Vantage 東京", "vantage.example"),
    ("Willow Schools", "willow.example"), ("Zephyr Airlines", "zephyr.example"),
)  # fmt: skip
STAFF_DOMAIN = "logtui.example"
"""Of the people who run the application and use its dashboard."""
MAIL_DOMAINS = ("mail.example", "inbox.example", "post.example")

_APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_GOOGLE = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"
DESKTOP_AGENTS = (
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_GOOGLE} Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_GOOGLE} Safari/537.36 Edg/141.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) {_APPLE} Version/18.6 Safari/605.1.15",
)
PHONE_AGENTS = (
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {_APPLE} Version/18.6 Mobile/15E148",
    f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {_GOOGLE} Mobile Safari/537.36",
    "NorthwindApp/4.12.0 (iOS 18.6; iPhone16,2)",
    "NorthwindApp/4.11.3 (Android 15; SM-S931B)",
)
ATTACK_AGENTS = (
    "python-requests/2.32.5",
    "Mozilla/5.0 (compatible; Nmap Scripting Engine)",
    "\x1b[31mcurl/8.5.0\x1b]52;c;cm0gLXJmIC8=\x07",
    "Mozilla/5.0 (Windows NT 6.1) \u202etxet neddih",
)
SDK_AGENTS = ("clerk-sdk-node/5.47.0", "clerk-sdk-python/3.3.1", "clerk-sdk-go/2.4.0")

RESIDENTIAL_NETWORKS = ("203.0.113", "198.51.100")
HOSTING_NETWORK = "192.0.2"
"""Servers: machines that call the backend, and most attackers."""
IPV6_PREFIX = "2001:db8"
CITIES = (
    ("Lisbon", "PT"), ("Berlin", "DE"), ("Nairobi", "KE"), ("São Paulo", "BR"), ("東京", "JP"), ("Toronto", "CA"),
    ("Kraków", "PL"), ("Lagos", "NG"), ("Austin", "US"), ("Wellington", "NZ"),
)  # fmt: skip
COMMON_PASSWORD_USERS = ("admin", "test", "info", "support", "root", "sales", "hr", "it", "demo", "office")
"""Mailboxes that a password list tries in every domain."""
