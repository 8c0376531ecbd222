"""Who did what a row tells of."""

from functions.ingest.sent_rows import SentPerson


def user_id_of(person: SentPerson) -> str:
    """The id that a person is known by: the sender's, else an e-mail that the sender vouches for;
    `""` for nobody.
    """
    if person.user_id:
        return person.user_id
    return person.email if person.email_verified else ""
