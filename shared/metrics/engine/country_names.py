"""The English names of countries as directories write them."""

import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

_LEFT_OUT: Final = {"the"}
_SPELT_OUT: Final = {"st": "saint"}

OTHER_NAMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "AE": ("UAE",),
        "BN": ("Brunei Darussalam",),
        "BO": ("Bolivia, Plurinational State of", "Plurinational State of Bolivia"),
        "BQ": ("Caribbean Netherlands",),
        "CC": ("Cocos (Keeling) Islands",),
        "CD": (
            "Congo, Democratic Republic of the",
            "Democratic Republic of the Congo",
            "Congo - Kinshasa",
        ),
        "CG": ("Republic of the Congo", "Congo, Republic of the", "Congo - Brazzaville"),
        "CI": ("Côte d'Ivoire",),
        "CV": ("Cape Verde",),
        "CZ": ("Czech Republic",),
        "FK": ("Falkland Islands (Malvinas)",),
        "FM": ("Micronesia, Federated States of", "Federated States of Micronesia"),
        "GB": ("Great Britain", "United Kingdom of Great Britain and Northern Ireland"),
        "HK": ("Hong Kong SAR", "Hong Kong SAR China"),
        "IR": ("Iran, Islamic Republic of", "Islamic Republic of Iran"),
        "KP": (
            "Korea, Democratic People's Republic of",
            "Democratic People's Republic of Korea",
        ),
        "KR": ("Korea", "Korea, Republic of", "Republic of Korea"),
        "LA": ("Lao People's Democratic Republic",),
        "MD": ("Moldova, Republic of", "Republic of Moldova"),
        "MK": ("Macedonia", "Republic of North Macedonia"),
        "MM": ("Burma", "Myanmar (Burma)"),
        "MO": ("Macao", "Macao SAR", "Macao SAR China"),
        "NL": ("Holland", "Kingdom of the Netherlands"),
        "PN": ("Pitcairn",),
        "PS": ("Palestine, State of", "State of Palestine", "Palestinian Territories"),
        "RU": ("Russian Federation",),
        "SY": ("Syria",),
        "SZ": ("Swaziland",),
        "TL": ("East Timor",),
        "TR": ("Türkiye",),
        "TW": ("Taiwan, Province of China",),
        "TZ": ("Tanzania, United Republic of", "United Republic of Tanzania"),
        "US": ("United States of America", "America"),
        "VA": ("Holy See", "Vatican"),
        "VE": ("Venezuela, Bolivarian Republic of", "Bolivarian Republic of Venezuela"),
        "VG": ("Virgin Islands, British", "Virgin Islands (British)"),
        "VI": ("Virgin Islands, U.S.", "Virgin Islands (U.S.)", "U.S. Virgin Islands"),
    }
)
"""By ISO 3166 alpha-2 code: the names of ISO 3166 and of Unicode's CLDR, and former names, where
they differ from the one that `public_holidays` knows."""


def plain(name: str) -> str:
    """A name without case, accents, punctuation and articles, to compare by."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    letters = "".join(
        each if each.isalpha() else " " for each in decomposed if not unicodedata.combining(each)
    )
    words = [word for word in letters.split() if word not in _LEFT_OUT]
    if len(words) > 1:  # `ST` alone is a code
        words = [_SPELT_OUT.get(word, word) for word in words]
    return "".join(words)


def codes_by_name(known: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """From each plain name to its code, for codes with the names they are known by."""
    by_name = {plain(name): code for code, names in known for name in (code, *names)}
    return by_name | {plain(name): code for code, names in OTHER_NAMES.items() for name in names}
