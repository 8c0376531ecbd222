"""Invented names: any first name goes with any last name of the same country."""

import unicodedata
from typing import Final, NamedTuple


class Names(NamedTuple):
    """The names that are common somewhere."""

    first: tuple[str, ...]
    last: tuple[str, ...]


def _names(first: str, last: str) -> Names:
    return Names(tuple(first.split()), tuple(last.split()))


NAMES: Final = {
    "DE": _names(
        "Anke Bernd Clara Dirk Elke Frieda Gerrit Hanna Ines Jörg Katja Lars Mareike Nils Petra"
        " Ralf Silke Thorsten Ulrike Volker",
        "Albers Böhm Conrad Dreyer Ebert Fuhrmann Gerlach Hansen Jahn Köster Lorenz Menzel"
        " Neuhaus Ott Pohl Reuter Seidel Thiele Vogt Wendt",
    ),
    "SE": _names(
        "Agneta Björn Cecilia Edvin Frida Gustav Helena Isak Kerstin Linnea Måns Oskar Sanna Tove",
        "Ahlberg Bengtsdal Dahlin Ek Forsman Granlund Hedberg Lindahl Norling Sandell Öberg",
    ),
    "US": _names(
        "Amber Blake Carmen Dylan Elena Floyd Grace Harvey Isabel Jamal Keisha Logan Marisol Nolan"
        " Owen Priscilla Quentin Rosa Shelby Tyrone",
        "Abbott Barlow Castillo Delgado Easton Fowler Gaines Hobbs Ibarra Jennings Kirby Lockhart"
        " Medina Norwood Ortega Pruitt Quinn Rollins Sutton Varga",
    ),
    "IN": _names(
        "Aarav Bhavna Chetan Divya Eshan Farida Gaurav Harini Ishaan Jyoti Kavya Lokesh Meera"
        " Naveen Ojas Pallavi Rohan Sneha Tarun Vidya",
        "Acharya Bhatt Chawla Deshpande Fernandes Ghosh Hegde Iyer Jhaveri Kulkarni Menon Naidu"
        " Pillai Rana Saxena Thakur Upadhyay Varma Wadhwa Zaveri",
    ),
    "SG": _names(
        "Aileen Boon Cheryl Desmond Eileen Fang Gavin Huimin Jiahui Kelvin Li Meiling Shan Wei",
        "Ang Chia Fong Goh Heng Khoo Lim Neo Ong Seah Tay Yeo",
    ),
    "MY": _names(
        "Aina Daniel Farah Hakim Izzati Jasmin Khairul Liyana Nadia Rizal Syafiq Zara",
        "Abdullah Bakri Chong Hamzah Idris Kassim Latif Mansor Othman Rahim Sulaiman Yusof",
    ),
}


def email_address(name: str) -> str:
    """The company's address of a person: accents fall away."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{plain.lower().replace(' ', '.')}@zylker.example"
