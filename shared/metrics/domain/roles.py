"""Who asks: a user id and a role. Tokens name both; saved objects are shared with roles."""

from enum import Enum
from typing import NamedTuple


class Role(Enum):
    """What a token lets its holder do. Not the role that a person has in the CRM (the roster's)."""

    ADMIN = "admin"
    MANAGER = "manager"
    REP = "rep"


class Viewer(NamedTuple):
    """Someone of a tenant who looks at what is saved there."""

    user_id: str
    role: Role
