"""Tables of people without an address among them: a column of names beside a column of telephone numbers."""

from __future__ import annotations

import csv
import re
from itertools import islice

from checks.facts.word_set import word_set

_NAMES = word_set(
    """
    name names nom nome nombre naam imie fullname full_name first_name last_name surname firstname lastname prenom
    apellido apellidos sobrenome cognome vorname nachname guest customer client cliente kunde contact patient student
    employee member nom_client customer_name client_name guest_name nombre_cliente nome_cliente
    """
)
_PHONES = word_set(
    """
    phone phones phone_number phonenumber telephone tel telefon telefono telefone telefoonnummer mobile mobile_number
    cell cellphone celular movil whatsapp handy handynummer gsm portable numero_telephone phone_no contact_number
    """
)
_NUMBER = re.compile(r"^\+?[\d(][\d .()/-]{6,20}$")
_DATE = re.compile(r"^\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}$")
_INVENTED = re.compile(r"555|12345|(\d)\1{5}")
_DELIMITERS = (",", ";", "\t", "|")
_MOST_ROWS = 100_000
_LONGEST = 4 * 1024 * 1024  # bytes that are read


def people_in_table(data: bytes) -> tuple[int, int]:
    """Return how many telephone numbers stand beside a name in *data*, a table with a header, and the first's line."""
    text = data[:_LONGEST].decode("utf-8-sig", "replace")
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    columns = [_plain(column) for column in head.strip().split(delimiter)]
    name = next((at for at, column in enumerate(columns) if column in _NAMES), None)
    phone = next((at for at, column in enumerate(columns) if column in _PHONES), None)
    if name is None or phone is None:
        return 0, 0
    numbers: dict[str, int] = {}
    try:
        rows = csv.reader(text.splitlines()[1:_MOST_ROWS], delimiter=delimiter)
        for line, row in enumerate(islice(rows, _MOST_ROWS), 2):
            if len(row) > max(name, phone) and row[name].strip() and _is_number(row[phone].strip()):
                numbers.setdefault(re.sub(r"\D", "", row[phone]), line)
    except csv.Error:  # a field of more than 128 KB: no table of people
        return 0, 0
    return len(numbers), min(numbers.values(), default=0)


def _plain(column: str) -> str:
    return re.sub(r"[\s-]+", "_", column.strip().strip('"').lower())


def _is_number(value: str) -> bool:
    digits = re.sub(r"\D", "", value)
    return (
        _NUMBER.match(value) is not None
        and _DATE.match(value) is None
        and 8 <= len(digits) <= 15  # noqa: PLR2004 - ITU-T E.164: at most 15 digits; shorter ones are no one's alone
        and _INVENTED.search(digits) is None
    )
