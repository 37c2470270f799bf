"""What the fields of records mean, by the names that `--fields` takes."""

from __future__ import annotations

from indotrade.wording.sentences import word

MEANS = {
    # claims
    "id": "the id by which it is known",
    "kind": "figure, forecast, event, plan, need, opinion or description",
    "status": "what the evidence makes of the claim; `indotrade info` defines each",
    "statement": "what is claimed, in a sentence of our own",
    "value": "the number of a figure, in whole units",
    "unit": "what a figure counts: USD, percent, people",
    "bound": "how a number is meant: exact, about, at-least, more-than, up-to",
    "as_printed": "a figure's own words in its source",
    "period": "the date or interval that a figure is for",
    "sectors": "branches of trade and topics that the claim is about, by id",
    "countries": "countries, regions and groups that the claim is about, by id",
    "programs": "schemes, events and bodies that the claim is about, by id",
    "organizations": "organizations that the claim is about, by id",
    "speaker": "who made the claim, by id; the source's own words are narration",
    "said": "when it was said",
    "publisher": "the outlet",
    "published": "when it was published",
    "paragraph": "the paragraph, counted from 1",
    "url": "the address",
    "statement_en": "the statement in English",
    "statement_id": "the statement in Indonesian",
    "note": "what a reader must know: ambiguity, translation",
    "flow_from": "where a trade comes from",
    "flow_to": "where a trade goes",
    "flow": "where a trade comes from, and where it goes",
    "source": "the source, by id",
    "measure": "what a figure measures; figures of one measure can be compared",
    "reading": "what a misprinted figure was probably meant to be",
    "figure": "the figure, with its unit, bound, measure and period",
    "supports": "how many independent voices support the claim",
    "conflicts": "how many independent voices speak against the claim",
    "context": "how many independent voices have another scope, date or definition",
    "anchors": "fingerprints of eight words each, by which `verify` knows the claim",
    "said_basis": "whether the date of the statement is printed or inferred",
    "said_at": "the program at which it was said, by id",
    "locator": "the place in a source without paragraphs: page 12, table 3",
    "evidence": "what other sources say about the claim",
    "title": "the title",
    "speaker_name": "the speaker by name",
    "sector_names": "the sectors by name",
    "country_names": "the countries by name",
    "program_names": "the programs by name",
    "organization_names": "the organizations by name",
    # entries of the vocabulary
    "label": "the name, by language",
    "aliases": "other names by which it is found",
    "about": "what it is",
    "parent": "what it is a part of, by id",
    "hs": "the headings of the Harmonized System that cover exactly it",
    "iso2": "the code of two letters, ISO 3166-1",
    "iso3": "the code of three letters, ISO 3166-1",
    "iso3166_2": "the code of a region, ISO 3166-2",
    "organizers": "the organizations that hold it, by id",
    "when": "the date or interval in which it is held",
    "where": "the countries and regions in which it is held, by id",
    "role": "the office held when the claims were made",
    "organization": "the organization of a person, by id",
    "claims": "how many claims there are",
    "bears_on": "how many claims have evidence with such a figure",
    # figures of a measure
    "claim": "the claim, by id",
    "relation": "what the evidence does to the claim",
    "strength": "primary, official, press or secondary-copy",
    # sources
    "type": "article or evidence",
    "language": "the language, as a BCP 47 code",
    "accessed": "when it was read",
    "title_from_url": "what the address says of a title that was not seen",
    "authors": "the authors as they sign",
    "editor": "the editor",
    "basis": "whether the date of publication is printed or inferred",
    "via": "the outlet that a repost credits",
    "vantage": "what the sources of one voice have in common",
    "access_note": "how it was read, and what was not seen",
    "licence_note": "to whom the text belongs",
    "claim_ids": "the claims that rest on it, by id",
    # a text that is verified, and its anchors
    "result": "attested, partly or not found",
    "found": "how many anchors of the claim stand in the text",
    "of": "how many anchors the claim has",
    "anchor": "the fingerprint of eight words",
    "position": "the place of the first of these words in the paragraph, from 1",
    "words": "the words themselves",
    # faults
    "file": "the file",
    "line": "the line, where the file has one record a line",
    "record": "the record, by id",
    "field": "the field",
    "rule": "the rule that is broken",
    "message": "what is wrong, and where",
    "level": "error or warning",
    # a dataset
    "program": "the version of this program",
    "licence": "the licence of the data",
    "languages": "the languages of the texts, the first the one that is shown where another is not there",
    "sources": "how many sources there are of each type",
    "kinds": "how many claims there are of each kind",
    "statuses": "how many claims there are of each status, with what it means",
    "speakers": "how many speakers there are",
    "read_from": "where the data were read from",
    "index": "the index that is kept of the data",
}


def means(name: str, language: str) -> str:
    """Return what a field means; "" for one that is not known here.

    >>> means("unit", "en"), means("xyz", "en")
    ('what a figure counts: USD, percent, people', '')
    """
    return word(MEANS[name], language) if name in MEANS else ""
