"""Adds what tables of drafts hold to a dataset: each row a claim, or more evidence on one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from indotrade.dataset.records import Claim, Evidence, Figure, Said
from indotrade.errors import Message
from indotrade.exchange.adding import ids
from indotrade.exchange.adding.holding import Holding, bare
from indotrade.exchange.adding.merging import Conflicts
from indotrade.exchange.rows import dates, languages
from indotrade.exchange.rows.drafts import Draft, Place, Table
from indotrade.exchange.rows.headings import Heading
from indotrade.exchange.rows.made import Made, Shared
from indotrade.exchange.rows.row import STATEMENT, Row
from indotrade.exchange.rows.sources import Sources


class Rows:
    """Takes tables of drafts into a dataset; whatever cannot be read is told in `faults`, and nothing is to be kept then."""

    def __init__(self, holding: Holding, shared: Shared, conflicts: Conflicts) -> None:
        self.holding = holding
        self.shared = shared
        self.conflicts = conflicts
        self.faults: list[Message] = []
        self.places: dict[str, Place] = {}
        """Where each claim of this import stands."""
        self.made = Made()
        self.sources = Sources(holding, self.made)
        self._here: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        """The claims of this import by source and statement, as their rows have them."""

    def take(self, table: Table) -> None:
        """Add the claims of a table."""
        drafts = list(table.drafts)
        if table.left_out:
            self.made.left_out[table.name] = table.left_out
        language = self._language(table, drafts)
        day_first = _day_first(drafts, language)
        for draft in drafts:
            one = Row(draft, self.sources, self.shared, self.is_kept, language, day_first)
            claim = one.claim()
            self.faults += one.faults
            if claim is not None and not one.faults:
                self._put(claim, one)

    def _language(self, table: Table, drafts: Sequence[Draft]) -> str:
        """Return in which language the texts of a table are that name none, and say so where it had to be found out."""
        if self.shared.language:
            return self.shared.language
        texts = [text for draft in drafts if (text := draft.cells.get(STATEMENT))]
        if not texts:
            named = [it.language for draft in drafts[:1] for it in draft.cells if it.field == "statement"]
            return next(filter(None, named), "en")
        found = languages.shared(texts) or table.language or next(iter(self.holding.languages), "en")
        self.made.languages[table.name] = found
        return found

    def end(self) -> None:
        """Tell, once all tables are in, which quotations do not stand in the article that their source is."""
        for source, told in self.made.unfound:
            if source in self.made.attested or not self.made.attested:
                self.faults.append(told)
            else:
                self.made.counts["other articles"] += 1

    # --- what is there already ---------------------------------------------------------------------

    def is_kept(self, name: str, source: str, statement: str) -> bool:
        """Return whether a claim is there already, and is to be left as it is."""
        there = name in self.holding.places or any(
            known in self.holding.places for known in self.holding.stated.get((source, statement), ())
        )
        kept = self.conflicts.keep and there
        self.made.counts["kept"] += kept
        return kept

    def _put(self, claim: Claim, one: Row) -> None:
        """Add a claim, or what its row says to the one that is there."""
        text = next(iter(claim.statement.values()))
        key = claim.source, text
        for known in self._here[key]:
            if _is_same(known, claim):
                self._add_evidence(known.id, claim.evidence)
                return
        if not claim.id:
            taken = {known.id for known in self._here[key]}
            stated = [name for name in self.holding.stated.get(key, ()) if name in self.holding.places]
            there = next((name for name in stated if name not in taken), "")
            name = there or self.holding.free["claims"](ids.of_statement(text))
            claim = replace(claim, id=name)
        elif claim.id in self.places:
            told = Message(
                "the id {id} stands in row {row} already", id=claim.id, row=str(self.places[claim.id].row)
            )
            self.faults.append(one.place.told(told, Heading("id")))
            return
        self._here[key].append(claim)
        self.places[claim.id] = one.place
        if claim.id in self.holding.places:
            self._there_already(claim, one)
        else:
            self.made.counts["claims"] += 1
            self.holding.put_claim(claim)

    def _there_already(self, claim: Claim, one: Row) -> None:
        if self.conflicts.update:
            self.made.counts["updated"] += 1
            there = bare(self.holding.claims[claim.id])
            given = {name: _updated(getattr(there, name), getattr(claim, name)) for name in one.given}
            self.holding.put_claim(replace(there, **given))
        else:
            place = self.holding.places[claim.id]
            told = Message(
                "{id} is in {file} already ({place})",
                id=claim.id,
                file=self.holding.folder.claims,
                place=place,
            )
            self.faults.append(one.place.told(told))
            self.made.counts["there already"] += 1

    def _add_evidence(self, name: str, evidence: Sequence[Evidence]) -> None:
        """Add further evidence of a row that repeats a claim."""
        claim = self.holding.claims[name]
        more = [it for it in evidence if it not in claim.evidence]
        if not more:
            self.made.counts["repeated"] += 1
        elif name in self.holding.added["claims"]:
            self.holding.put_claim(replace(bare(claim), evidence=[*claim.evidence, *more]))


def _is_same(known: Claim, claim: Claim) -> bool:
    """Return whether two rows are of one claim: all but the evidence is the same."""
    return replace(known, evidence=[]) == replace(claim, id=claim.id or known.id, evidence=[])


_HOLDS_WHILE = {"basis": "date", "why": "date", "reading": "value"}
"""The fields that say something of another one: once that has changed, they are no longer true."""


def _updated(there: Any, given: Any) -> Any:
    """Return a field of a claim as a row gives it, with what the row does not say as it is there."""
    if isinstance(there, dict) and isinstance(given, dict):
        return {**there, **given}
    if not isinstance(there, (Said, Figure)) or not isinstance(given, (Said, Figure)):
        return given
    fields = [name for name in there.__struct_fields__ if getattr(given, name) is None]
    kept = {
        name: getattr(there, name)
        for name in fields
        if (of := _HOLDS_WHILE.get(name)) is None or getattr(there, of) == getattr(given, of)
    }
    return replace(given, **kept)


def _day_first(drafts: Iterable[Draft], language: str) -> bool | None:
    """Return whether the day stands first in the dates of a table: by those that show it, else by its language."""
    dated = ("said", "published", "period")
    shown = {
        order
        for draft in drafts
        for heading, text in draft.cells.items()
        if heading.field in dated and (order := dates.says_order(text)) is not None
    }
    return shown.pop() if len(shown) == 1 else True if not shown and language == "id" else None
