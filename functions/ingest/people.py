"""Who did what a row tells of."""

from typing import Final

from functions.ingest.sent_rows import SentPerson
from shared.metrics.domain.source_kinds import KINDS, SourceKind

_EMAIL_SIGN: Final = "@"


def namespace_of(kind: SourceKind) -> str:
    """What the ids of people stand behind that mean nothing outside their CRM, `hubspot:`; `""`
    for senders whose ids are good everywhere.
    """
    return f"{kind.value}:" if KINDS[kind].has_own_people else ""


def user_id_of(person: SentPerson, namespace: str) -> str:
    """The id that a person is known by: the sender's, else an e-mail that the sender vouches for;
    `""` for nobody.

    Ids stand behind the namespace of their source, `hubspot:123`, so that two CRMs never speak of
    one person by chance; the directory joins them (definitions §2). E-mails need none.
    """
    user_id = person.user_id
    if not user_id:
        return person.email if person.email_verified else ""
    if not namespace or _EMAIL_SIGN in user_id:
        return user_id
    return f"{namespace}{user_id}"
