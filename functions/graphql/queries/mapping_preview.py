"""The root field `previewMapping`."""

from base64 import b64decode
from typing import Annotated, TypeAlias

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.limits import DEFAULT_FIRST, list_size
from functions.graphql.object_types.mapping_preview import MappingPreview
from functions.graphql.object_types.source import source_id_of
from functions.ingest.previewing import Sample, preview
from shared.metrics.domain.errors import BadInputError
from shared.metrics.storage.mapping_documents import mapping_of


@strawberry.input(description="A payload as its sender would post it.")
class SampleInput:
    """A sample."""

    body: str
    is_base64: bool = strawberry.field(
        default=False, description="Whether the body is in base64, because it is no text."
    )
    content_type: str = "application/json"
    path: str = strawberry.field(
        default="", description="The path, where a kind of source posts to several."
    )
    query: str = strawberry.field(default="", description="The query string.")
    method: str = "POST"
    header_names: list[str] = strawberry.field(
        default_factory=list, description="Headers that the format reads, such as `ce-type`."
    )
    header_values: list[str] = strawberry.field(
        default_factory=list, description="Parallel to the names."
    )

    def sample(self) -> Sample:
        """The sample as a value. BadInputError names what is wrong with it."""
        if len(self.header_names) != len(self.header_values):
            message = "headerNames and headerValues are not of one length"
            raise BadInputError(message, field="sample")
        return Sample(
            self._bytes(),
            self.content_type,
            self.path,
            self.query,
            self.method,
            dict(zip(self.header_names, self.header_values, strict=True)),
        )

    def _bytes(self) -> bytes:
        if not self.is_base64:
            return self.body.encode(errors="surrogatepass")
        try:
            return b64decode(self.body, validate=True)
        except ValueError:
            raise BadInputError("the body is not valid base64", field="sample") from None


_Source: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Its global id.")]
_Mapping: TypeAlias = Annotated[
    str | None,
    strawberry.argument(description="A document of rules, as JSON; null takes the source's own."),
]


def preview_mapping(
    info: Info,
    *,
    source: _Source,
    sample: SampleInput,
    mapping: _Mapping = None,
    first: int = DEFAULT_FIRST,
) -> MappingPreview:
    """What a sample of a source of the caller's tenant would become."""
    info.context.principal.allow(Role.ADMIN)
    known = info.context.sources.get(source_id_of(info.context, source)).source
    rules = known.mapping if mapping is None else mapping_of(mapping)
    tenant = info.context.tenant_settings.read().tenant
    rows = preview(known, rules, tenant, sample.sample(), info.context.services.clock())
    return MappingPreview.of(rows, list_size("first", first), tenant.is_uncatalogued)
