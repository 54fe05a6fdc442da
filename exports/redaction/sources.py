"""The sources that a pack cites, and how many origins and publishers stand behind a claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from exports.publication import Publication, Source
from exports.redaction.redactor import Redactor
from exports.stored import ClaimWithEvidence
from exports.writing.references import source_text
from graph.errors import RevealingSource
from graph.model.dates import END, bounds
from graph.model.origins import origins

_LISTED: Final = 12
"""Places that one message names."""


class Counts(NamedTuple):
    """Known origins of a claim, its sources whose origin is not stated, and its publishers."""

    origins: int
    not_stated: int
    publishers: int


class CitedSources:
    """The sources of these claims, numbered from 1; those that they pass on follow each.

    Raises RevealingSource if a title, address or publisher gives a redacted name away and nobody
    has overridden that.
    """

    def __init__(self, redactor: Redactor, claims: Iterable[ClaimWithEvidence]) -> None:
        self.redactor, self.material = redactor, redactor.material
        self.numbers: dict[str, int] = {}
        direct = sorted({s.source for claim in claims for s in claim.supports})
        passed_on = sorted({end for claim in claims for s in claim.supports for end in s.relays})
        for source in (*direct, *passed_on):
            self._number(source)
        self.captions = {
            number: redactor.text(self.material.sources[source].caption)
            for source, number in self.numbers.items()
        }
        self._overridden = self._check()

    def _number(self, source: str) -> None:
        known = source not in self.material.hidden and source in self.material.sources
        if not known or source in self.numbers:
            return
        self.numbers[source] = len(self.numbers) + 1
        for end in self.material.relayed.get(source, ()):
            self._number(end)

    def cited(self, sources: Iterable[str]) -> tuple[int, ...]:
        """The numbers of those of the sources that are cited."""
        return tuple(sorted(self.numbers[s] for s in sources if s in self.numbers))

    def day(self, source: str) -> str:
        """The latest day on which a source can have been published."""
        day = self.material.sources[source].published_on
        return bounds(day).latest if day else END

    def counts(self, claim: ClaimWithEvidence) -> Counts:
        """The origins and publishers of a claim, counted without confidential sources."""
        supporting: dict[str, set[str]] = {}
        for support in claim.supports:
            supporting.setdefault(support.source, set()).update(self._open(support.relays))
        found = origins(
            {source: sorted(ends) for source, ends in sorted(supporting.items())},
            self.material.held.__contains__,
            lambda source: self._open(self.material.relayed.get(source, ())),
        )
        publishers = {self.material.sources[s].publisher or f"source:{s}" for s in supporting}
        return Counts(len(found.known), len(found.not_stated), len(publishers))

    def _open(self, sources: Iterable[str]) -> list[str]:
        """Those of the sources that are not confidential."""
        return [source for source in sources if source not in self.material.hidden]

    def entries(self) -> tuple[Source, ...]:
        """What is cited, by number."""
        return tuple(self._entry(source, number) for source, number in self.numbers.items())

    def _entry(self, source: str, number: int) -> Source:
        found = self.material.sources[source]
        return Source(
            number=number,
            id=self.redactor.id("source", source),
            kind=found.kind,
            caption=self.captions[number],
            publisher=found.publisher,
            title=found.title,
            published_on=found.published_on,
            published_basis=found.published_basis,
            url=found.url,
            language=found.language,
            sha256=found.sha256,
            text_sha256=found.text_sha256,
            status=found.status,
            relays=self.cited(self.material.relayed.get(source, ())),
            held=source in self.material.held,
        )

    # --- names in what is cited -----------------------------------------------------------------

    def _check(self) -> tuple[str, ...]:
        """The texts that give a name away and are printed all the same.

        Raises RevealingSource for those that nobody has overridden.
        """
        blocked, overridden = [], []
        for source in self.numbers:
            found = self.material.sources[source]
            texts = {"title": found.title, "url": found.url, "publisher": found.publisher}
            for name, text in texts.items():
                if not text or not self._reveals(text):
                    continue
                if self._is_overridden(source):
                    overridden.append(text)
                else:
                    blocked.append(f"the {name} of {source}")
        if blocked:
            more = f" and {len(blocked) - _LISTED} more" if len(blocked) > _LISTED else ""
            raise RevealingSource(
                f"A name that is not to be printed stands in {', '.join(blocked[:_LISTED])}{more}; "
                "leave what rests on it out, or override it for this pack with a reason."
            )
        return tuple(sorted(set(overridden)))

    def _is_overridden(self, source: str) -> bool:
        given = self.redactor.choices.overrides
        return bool(given.get(source) or given.get(self.redactor.local(source)))

    def _reveals(self, text: str) -> bool:
        # What is cited is printed as it stands: a name of a single word could be anybody's.
        naming = self.redactor.naming
        return any(terms.tells(text, small=True) for terms in (naming.private, naming.protected))

    def exempt(self, publication: Publication) -> Iterator[str]:
        """The texts that may hold a name, by decision; a mere name only where a source is cited."""
        yield from self._overridden
        mere = set(filter(self.redactor.naming.is_mere_name, self._overridden))
        for source in publication.sources if mere else ():
            if not mere.isdisjoint((source.publisher, source.title)):
                yield source_text(source, publication)
                yield f"{source.caption} ({source.publisher})"
