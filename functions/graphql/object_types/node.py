"""What everything with a global id has."""

import strawberry


@strawberry.interface(description="Something with an id, which the root field `node` finds it by.")
class Node:
    """Relay's interface."""

    id: strawberry.ID
