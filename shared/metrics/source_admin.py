"""Sets sources up: makes them and their secrets, rotates those, and ends them."""

import secrets
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Final, NamedTuple

from msgspec.structs import replace

from shared.metrics.domain.errors import BadInputError, ConflictError
from shared.metrics.domain.event_mapping import EventMapping
from shared.metrics.domain.source_kinds import KINDS, Authentication, SourceKind
from shared.metrics.secret_box import SecretBox
from shared.metrics.storage.sources import (
    ReplacedSecret,
    Source,
    SourceStore,
    StoredSecret,
    StoredSource,
    key_digest,
)

OVERLAP_MS: Final = 24 * 3600 * 1000
"""For how long a secret is accepted after it was replaced."""

MAX_SECRET_BYTES: Final = 1_024
MAX_SETTINGS: Final = 20
MAX_SETTING_BYTES: Final = 1_024
MAX_NAME_BYTES: Final = 200
MAX_SOURCES: Final = 1_000


class SetUpSource(NamedTuple):
    """A source that was set up. `secret` is what its sender needs, known only now: a write key, or
    a secret to be entered there; None where the sender makes it, or it was shown before.
    """

    source: Source
    secret: str | None


class SourceAdmin:
    """The sources of one tenant, to be changed."""

    def __init__(
        self, sources: SourceStore, box: SecretBox, tenant: str, clock: Callable[[], int]
    ) -> None:
        """`clock` tells milliseconds UTC."""
        self._sources = sources
        self._box = box
        self._tenant = tenant
        self._clock = clock

    def all(self) -> list[StoredSource]:
        """Every source of the tenant, by id."""
        return self._sources.of_tenant(self._tenant)

    def get(self, source_id: str) -> StoredSource:
        """One of them; NotFoundError if there is none of that id."""
        return self._sources.of(self._tenant, source_id)

    def create(
        self,
        kind: SourceKind,
        *,
        name: str = "",
        secret: str | None = None,
        settings: Mapping[str, str] | None = None,
        mapping: EventMapping | None = None,
    ) -> SetUpSource:
        """Make a source. `secret` is the sender's, where it makes one; without it nothing is
        accepted until it is given (`rotate`). BadInputError if something cannot be.
        """
        if len(self._sources.of_tenant(self._tenant)) >= MAX_SOURCES:
            raise BadInputError(f"there are {MAX_SOURCES} sources already; as many as may be")
        source_id = f"src_{secrets.token_hex(8)}"
        return self._add(source_id, kind, name, secret, settings or {}, mapping)

    def activate(
        self,
        kind: SourceKind,
        *,
        secret: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> SetUpSource:
        """The tenant's one integration of a kind, made if there is none, enabled if it was
        disabled. Doing it again changes nothing but the settings and the secret that are given.
        """
        source_id = integration_id(self._tenant, kind)
        if self._sources.get(source_id) is None:
            try:
                return self._add(source_id, kind, "", secret, settings or {}, None)
            except ConflictError:
                pass  # another process was first
        stored = self.get(source_id)
        if settings is not None:
            self.set_settings(source_id, settings)
        if secret is not None or stored.source.disabled_at_ms is not None:
            return self.rotate(source_id, secret=secret)
        return SetUpSource(self.get(source_id).source, None)

    def rotate(self, source_id: str, *, secret: str | None = None) -> SetUpSource:
        """Give a source another secret, the sender's or a new one of ours. The one before is valid
        for a day more, any before that no longer; a disabled source is enabled, with the new one
        alone.
        """
        made = self._made(self.get(source_id).source.kind, source_id, secret)

        def rotated(source: Source) -> Source:
            old = ReplacedSecret(
                digest=source.key_digest,
                sealed=source.sealed_secret,
                until_ms=self._clock() + OVERLAP_MS,
            )
            was_valid = source.disabled_at_ms is None and bool(old.digest or old.sealed)
            return replace(
                source,
                key_digest=made.kept.digest,
                sealed_secret=made.kept.sealed,
                replaced=old if was_valid else None,
                disabled_at_ms=None,
            )

        changed = self._sources.change(self._tenant, source_id, rotated)
        return SetUpSource(changed.source, made.shown)

    def disable(self, source_id: str) -> Source:
        """Accept nothing from a source any more, until its secret is rotated."""

        def disabled(source: Source) -> Source:
            at_ms = source.disabled_at_ms
            return replace(source, disabled_at_ms=self._clock() if at_ms is None else at_ms)

        return self._sources.change(self._tenant, source_id, disabled).source

    def set_mapping(self, source_id: str, mapping: EventMapping | None) -> Source:
        """Say what the rows of a source mean from now on; None: what they usually do."""
        return self._sources.change(
            self._tenant, source_id, lambda source: replace(source, mapping=mapping)
        ).source

    def set_settings(self, source_id: str, settings: Mapping[str, str]) -> Source:
        """Replace what is agreed with a source."""
        agreed = checked_settings(settings)
        return self._sources.change(
            self._tenant, source_id, lambda source: replace(source, settings=agreed)
        ).source

    def _add(
        self,
        source_id: str,
        kind: SourceKind,
        name: str,
        secret: str | None,
        settings: Mapping[str, str],
        mapping: EventMapping | None,
    ) -> SetUpSource:
        if len(name.encode(errors="surrogatepass")) > MAX_NAME_BYTES:
            raise BadInputError(f"a name may have {MAX_NAME_BYTES} bytes", field="name")
        agreed = checked_settings(settings)
        is_theirs = KINDS[kind].authentication is Authentication.SENDERS_SECRET
        made = (
            _Made(StoredSecret(), None)
            if is_theirs and secret is None
            else self._made(kind, source_id, secret)
        )
        source = Source(
            source_id=source_id,
            tenant=self._tenant,
            kind=kind,
            created_at_ms=self._clock(),
            name=name,
            key_digest=made.kept.digest,
            sealed_secret=made.kept.sealed,
            settings=agreed,
            mapping=mapping,
        )
        self._sources.add(source)
        return SetUpSource(source, made.shown)

    def _made(self, kind: SourceKind, source_id: str, given: str | None) -> "_Made":
        """What is kept of a secret, and what is shown of it."""
        authentication = KINDS[kind].authentication
        if authentication is Authentication.WRITE_KEY:
            if given is not None:
                message = f"write keys of {kind.value} sources are made here; give no secret"
                raise BadInputError(message, field="secret")
            key = secrets.token_urlsafe(32)
            return _Made(StoredSecret(digest=key_digest(key)), f"{source_id}.{key}")
        if authentication is Authentication.SENDERS_SECRET and given is None:
            message = f"{kind.value} makes the secret itself; give the one that it shows"
            raise BadInputError(message, field="secret")
        plain = secrets.token_hex(24) if given is None else checked_secret(given)
        kept = StoredSecret(sealed=self._box.seal(plain, source_id))
        return _Made(kept, plain if given is None else None)


def integration_id(tenant: str, kind: SourceKind) -> str:
    """The id of a tenant's one integration of a kind."""
    digest = blake2b(f"{kind.value}#{tenant}".encode(), digest_size=8).hexdigest()
    return f"{kind.value}_{digest}"


class _Made(NamedTuple):
    """What is kept of a secret, and what is shown of it once."""

    kept: StoredSecret
    shown: str | None


def checked_secret(secret: str) -> str:
    """A secret that was given, without white space around it; BadInputError if it cannot be."""
    stripped = secret.strip()
    if not stripped or len(stripped.encode(errors="surrogatepass")) > MAX_SECRET_BYTES:
        message = f"a secret has 1 to {MAX_SECRET_BYTES} bytes"
        raise BadInputError(message, field="secret")
    return stripped


def checked_settings(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings without those that are empty; BadInputError if there are too many, or too long."""
    agreed = {name: text.strip() for name, text in settings.items() if text.strip()}
    if len(agreed) > MAX_SETTINGS:
        raise BadInputError(f"a source may have {MAX_SETTINGS} settings", field="settings")
    for name, text in agreed.items():
        if len(f"{name}{text}".encode(errors="surrogatepass")) > MAX_SETTING_BYTES:
            message = f"setting {name[:40]!r} may have {MAX_SETTING_BYTES} bytes, with its name"
            raise BadInputError(message, field="settings")
    return agreed
