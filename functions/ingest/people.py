"""Who did what a row tells of."""

from typing import Final

from functions.ingest.sent_rows import SentPerson
from shared.metrics.domain.source_kinds import KINDS, SourceKind

_EMAIL_SIGN: Final = "@"


def user_id_of(person: SentPerson, kind: SourceKind) -> str:
    """The id that a person is known by: the sender's, else an e-mail that the sender vouches for;
    `""` for nobody.

    Ids that mean nothing outside a CRM stand behind its name, `hubspot:123`, so that two CRMs
    never speak of one person by chance; the directory joins them (definitions §2).
    """
    user_id = person.user_id
    if not user_id:
        return person.email if person.email_verified else ""
    is_own = KINDS[kind].has_own_people and _EMAIL_SIGN not in user_id
    return f"{kind.value}:{user_id}" if is_own else user_id
