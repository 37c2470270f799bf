"""Tells a name of an organization from that of a person, as far as its words do."""

from __future__ import annotations

import re

from indotrade.text import fold

_BODIES = frozenset(
    "agency association asosiasi authority badan balai bank board bps bureau centre center chamber club"
    " commission committee company consortium cooperative corporation council delegation dinas department"
    " direktorat embassy exchange fakultas federation forum foundation fund gapki government group"
    " himpunan inc institute institut kadin kamar kedutaan kementerian kantor kelompok koalisi"
    " koperasi komisi konsulat lembaga llc ltd majelis ministry municipality network office ombudsman"
    " organisation organisasi organization party partai pemerintah perkumpulan persatuan pt cv"
    " secretariat sekretariat senate society tbk team redaksi liputan union universitas university yayasan media news"
    " newspaper tv radio posts email blog facebook instagram twitter website campaign".split()
)
"""Words by which a name is that of an organization, not of a person."""
_JAPANESE_BODIES = re.compile(
    "省|庁|局|会社|協会|機構|銀行|大学|政府|大使館|委員会|組合|新聞|党|財団|連盟|商社"
)


def is_body(name: str) -> bool:
    """Return whether a name is that of an organization, as far as its words tell: "Kementerian Perdagangan"."""
    return not _BODIES.isdisjoint(fold.words(name)) or bool(_JAPANESE_BODIES.search(name))
