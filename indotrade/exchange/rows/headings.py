"""What the columns of a spreadsheet mean: by the names of this program, and those that people give them in three languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from indotrade.text import fold


class Heading(NamedTuple):
    """What a column holds."""

    field: str
    """Of a claim or its source (`speaker`, `url`), or of a piece of evidence."""
    evidence: int | None = None
    """Which piece of evidence it is of, from 1; None where it is of the claim."""
    language: str | None = None
    """Of its texts, where the name says it: `statement_en`."""
    label: str | None = None
    """What a place in a source is counted in (`page`), where the column is one of places."""


_CLAIM = {
    "id": "claim_id 識別子 no_klaim",
    "statement": "claim klaim pernyataan text_of_claim claim_text claim_reviewed statements claims what_was_said assertion fact isi_klaim isi_pernyataan isi_ucapan apa_yang_dikatakan fakta kalimat ucapan 主張 発言 発言内容 言明 内容",
    "kind": "type_of_claim claim_type jenis jenis_klaim 種類",
    "as_printed": "figure figures angka jumlah nilai amount number numbers besaran printed printed_figure figure_as_printed angka_tercetak 数字 数値 金額",
    "value": "figure_value nilai_angka 値",
    "unit": "units satuan unit_of_measure 単位",
    "bound": "batas",
    "reading": "",
    "measure": "measures indicator indikator ukuran series 指標",
    "period": "periode year tahun years 年 期間 reference_period",
    "sectors": "sector sektor bidang komoditas commodity product produk topic topics topik subject subjects category kategori industry industri tema theme 分野 産業 部門 品目",
    "countries": "country negara negara_tujuan place places region wilayah daerah tempat lokasi location 国 国名 地域",
    "programs": "program programme programmes project kegiatan acara event プログラム 事業",
    "organizations": "organization organisation organisations organisasi lembaga instansi perusahaan company companies 組織 団体 企業",
    "flow_from": "from exporter origin asal negara_asal dari reporter 輸出国",
    "flow_to": "to importer destination tujuan ke partner 輸入国",
    "speaker": "who said_by who_said_it who_said spoken_by stated_by quoted spokesperson nama_narasumber nama_pembicara yang_mengatakan siapa_yang_mengatakan dikatakan_oleh diucapkan_oleh disampaikan_oleh pejabat speakers claimant author_of_claim person name pembicara narasumber tokoh siapa oleh penutur speaker_name nama 話者 発言者",
    "role": "job job_title speaker_job speaker_role speakers_job_title position jabatan speaker_title title_of_speaker jabatan_narasumber 肩書 肩書き 役職",
    "said": "date tanggal said_on said_date date_said when_said tgl tanggal_ucapan when claim_date statement_date tanggal_pernyataan waktu kapan 日付 発言日 年月日",
    "at": "said_at occasion kesempatan pada_acara",
    "source": "sources source_id sumber sumber_berita berita artikel article 出典 情報源 出所",
    "url": "link links source_url article_url tautan alamat website web uri リンク アドレス",
    "publisher": "media outlet newspaper penerbit koran published_in nama_koran media_massa dimuat_di surat_kabar medium venue source_name nama_media 媒体 発行元 出版社 新聞",
    "title": "judul headline article_title judul_artikel judul_berita 題名 見出し 記事名 タイトル",
    "authors": "author penulis wartawan reporters byline journalist 著者 筆者 記者",
    "published": "published_on date_published publication_date terbit tanggal_terbit tanggal_artikel 掲載日 発行日",
    "language": "lang bahasa 言語",
    "via": "",
    "vantage": "",
    "paragraph": "par para paragraf alinea 段落",
    "locator": "",
    "anchors": "anchor",
    "quote": "quotation quotes kutipan petikan exact_words exact_quote original_words verbatim kutipan_asli kutipan_langsung kalimat_asli bunyi_asli words_of_the_article 引用 引用文",
    "note": "notes catatan comment comments remark remarks keterangan komentar 注 備考 メモ",
}
"""The fields of a claim and of its source, each with the other names of its column."""
_PLACES = {
    "page": "pages hal halaman 頁 ページ",
    "table": "tabel 表",
    "line": "baris 行",
    "section": "bagian 節",
    "chapter": "bab 章",
    "timestamp": "time menit timecode 時刻",
}
_EVIDENCE = {
    "source": "source_id sumber name nama",
    "url": "link tautan uri alamat",
    "publisher": "by media outlet penerbit oleh publisher_name",
    "title": "judul headline article document",
    "authors": "author penulis",
    "published": "date tanggal published_on date_published",
    "language": "lang bahasa",
    "relation": "label stance relasi hubungan",
    "strength": "",
    "says": "text sentence isi statement quote summary says_what kalimat answer",
    "as_printed": "figure angka",
    "value": "",
    "unit": "satuan",
    "period": "",
    "measure": "",
    "rating": "verdict putusan",
}
"""The fields of a piece of evidence, each with the other names of its column behind `evidence`."""
_PREFIXES = ("evidence", "bukti", "review", "factcheck", "cekfakta", "根拠", "証拠")
_OF_EVIDENCE = {
    "rating": "rating ratings verdict ruling truth_rating claim_rating fact_check_rating putusan vonis penilaian peringkat hasil_cek_fakta 判定 評価",
    "says": "justification explanation reasoning rationale evidence bukti penjelasan alasan 根拠 証拠 説明",
    "publisher": "rated_by checked_by checker fact_checker reviewer reviewed_by pemeriksa diperiksa_oleh 検証者",
}
"""Fields of evidence by names that do not begin with `evidence`."""
TEXTS = ("statement", "note", "says")
"""The fields that are texts in some language."""
LISTS = ("sectors", "countries", "programs", "organizations", "authors", "anchors")
"""The fields that may hold several names."""

LANGUAGE_NAMES = {
    "english": "en", "inggris": "en", "英語": "en", "indonesian": "id", "indonesia": "id", "bahasaindonesia": "id", "japanese": "ja",
    "jepang": "ja", "日本語": "ja", "インドネシア語": "id",
}  # fmt: skip


@cache
def _names() -> dict[str, Heading]:
    """Return what each known name of a column means, by its key."""
    known: dict[str, Heading] = {}
    for field, others in _CLAIM.items():
        known |= dict.fromkeys(_keys(field, others), Heading(field))
    for label, others in _PLACES.items():
        known |= dict.fromkeys(_keys(label, others), Heading("locator", label=label))
    for field, others in _OF_EVIDENCE.items():
        known |= dict.fromkeys(_keys("", others), Heading(field, 1))
    return known


@cache
def _evidence_names() -> dict[str, str]:
    return {key: field for field, others in _EVIDENCE.items() for key in _keys(field, others)}


def _keys(name: str, others: str) -> list[str]:
    return [key for key in map(fold.key, (name, *others.split())) if key]


def meaning(name: str) -> Heading | None:
    """Return what a column of this name holds; None where that is not known.

    >>> meaning("Pernyataan"), meaning("evidence_2_url").field
    (Heading(field='statement', evidence=None, language=None, label=None), 'url')
    """
    spelling = fold.key(name)
    if found := _names().get(spelling) or _of_evidence(spelling):
        return found
    head, language = _with_language(name)
    if language and (found := _names().get(fold.key(head)) or _of_evidence(fold.key(head))):
        return found._replace(language=language) if found.field in TEXTS else None
    return None


def _of_evidence(spelling: str) -> Heading | None:
    for prefix in _PREFIXES:
        match = re.fullmatch(rf"{prefix}(\d?)(\D*?)(\d?)", spelling)
        if match:
            field = _evidence_names().get(match[2]) if match[2] else "says"
            return Heading(field, int(match[1] or match[3] or 1)) if field else None
    return None


def _with_language(name: str) -> tuple[str, str | None]:
    """Return a name without the language at its end, and the language: `claim (EN)`, `statement_id`."""
    folded = fold.fold(name)
    for head, last in re.findall(r"(.+?)[\s_.:/([-]+([^\W\d_]+)[)\]]?$", folded):
        if re.fullmatch("[a-z]{2}", last):
            return head, last
        if last in LANGUAGE_NAMES:
            return head, LANGUAGE_NAMES[last]
    return name, None


def is_header(cells: Iterable[str]) -> bool:
    """Return whether a row names columns: one of them is that of the statements."""
    return any(found and found.field == "statement" and not found.evidence for found in map(meaning, cells))


def language_of(names: Sequence[str]) -> str | None:
    """Return the language in which columns are named, where their names are words of one alone."""
    if any(re.search("[\u3041-\u30ff\u4e00-\u9fff]", name) for name in names):
        return "ja"
    indonesian = {
        "klaim",
        "pernyataan",
        "pembicara",
        "tanggal",
        "angka",
        "sumber",
        "negara",
        "sektor",
        "kutipan",
        "narasumber",
    }
    return "id" if indonesian & set(map(fold.key, names)) else None
