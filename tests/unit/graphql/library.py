"""Saves and reads things as people of several roles and tenants would."""

from typing import Any, NamedTuple

from tests.unit.graphql.fakes import FakeServices, Reply, ask, token

SAVED_VIEW = "id name view arguments owner sharedWith mayChange createdAt changedAt version"
SEGMENT = "id name definition owner sharedWith mayChange version"
ANNOTATION = "id day text category owner mayChange version"
CALENDAR = "id country subdivision weekend holidayDates holidayNames workingDates version"

VIEW_INPUT = {"name": "Mine", "view": "TRENDS", "arguments": '{"interval": "WEEK"}'}
SEGMENT_INPUT = {
    "name": "Idle",
    "definition": {"conditions": [{"metric": "HITS", "comparator": "AT_MOST", "value": 0}]},
}
NOTE_INPUT = {"day": "2026-11-02", "text": "Release 7", "category": "release"}


class Kind(NamedTuple):
    """The words of the schema for one kind of saved object."""

    name: str
    plural: str
    fields: str
    content: dict[str, Any]

    @property
    def input(self) -> str:
        return f"{self.name}Input"


KINDS = {
    "SavedView": Kind("SavedView", "savedViews", SAVED_VIEW, VIEW_INPUT),
    "Segment": Kind("Segment", "segments", SEGMENT, SEGMENT_INPUT),
    "Annotation": Kind("Annotation", "annotations", ANNOTATION, NOTE_INPUT),
}


class Person(NamedTuple):
    """Someone with a token."""

    services: FakeServices
    user_id: str = "ann"
    role: str = "rep"
    tenant: str = "acme"

    def ask(self, query: str, **variables: Any) -> Reply:  # noqa: ANN401 - JSON
        own = token(sub=self.user_id, role=self.role, tenant=self.tenant)
        return ask(query, self.services, variables, authorization=f"Bearer {own}")

    def create(self, kind: Kind, **content: object) -> Reply:
        query = f"""mutation ($input: {kind.input}!) {{
          create{kind.name}(input: $input) {{ {kind.fields} }}
        }}"""
        return self.ask(query, input=kind.content | content)

    def created(self, kind: Kind, **content: object) -> dict[str, Any]:
        found: dict[str, Any] = self.create(kind, **content).data[f"create{kind.name}"]
        return found

    def update(self, kind: Kind, id_: str, version: int, **content: object) -> Reply:
        query = f"""mutation ($id: ID!, $version: Count!, $input: {kind.input}!) {{
          update{kind.name}(id: $id, expectedVersion: $version, input: $input) {{ {kind.fields} }}
        }}"""
        return self.ask(query, id=id_, version=version, input=kind.content | content)

    def delete(self, kind: Kind, id_: str) -> Reply:
        return self.ask(f"mutation ($id: ID!) {{ delete{kind.name}(id: $id) }}", id=id_)

    def listed(self, kind: Kind, arguments: str = "first: 100") -> list[dict[str, Any]]:
        query = f"{{ {kind.plural}({arguments}) {{ nodes {{ {kind.fields} }} }} }}"
        found: list[dict[str, Any]] = self.ask(query).data[kind.plural]["nodes"]
        return found

    def node(self, id_: str) -> Reply:
        fragments = " ".join(f"... on {kind} {{ {KINDS[kind].fields} }}" for kind in KINDS)
        query = f"query ($id: ID!) {{ node(id: $id) {{ __typename id {fragments} }} }}"
        return self.ask(query, id=id_)

    def set_calendar(self, version: int | None = None, **content: object) -> Reply:
        query = f"""mutation ($input: WorkingCalendarInput!, $version: Count) {{
          setWorkingCalendar(input: $input, expectedVersion: $version) {{ {CALENDAR} }}
        }}"""
        return self.ask(query, input=content, version=version)
