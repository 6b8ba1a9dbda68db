"""Small files of every kind taken, and the ways in which files deceive."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
CSV = "nom;montant\nZo\u00eb;1 250,00\n".encode("cp1252")
TEXT = "Bonjour, عربي, 🙂\n".encode()
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
ODT = b"application/vnd.oasis.opendocument.text"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def png(*, after: bytes = b"", side: int = 2) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\0\0\0" * 2))
    return b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b"") + after


def jpeg(*, comment: bytes = b"ours", after: bytes = b"") -> bytes:
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    said = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    scan = b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\0\0\x3f\0" + b"\x12\x34\x56"
    return b"\xff\xd8" + app + said + scan + b"\xff\xd9" + after


def webp() -> bytes:
    body = b"WEBP" + b"VP8 " + struct.pack("<I", 4) + b"\0\0\0\0"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def zipped(parts: Mapping[str, bytes], *, stored: bool = False, comment: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else None
            archive.writestr(name, content, how)
        archive.comment = comment
    return made.getvalue()


def docx(
    more: Mapping[str, bytes] | None = None, *, kind: str = DOCX, main: str = "word/document.xml"
) -> bytes:
    types = f'<?xml version="1.0"?><Types><Override ContentType="{kind}"/></Types>'.encode()
    return zipped({"[Content_Types].xml": types, main: b"<w:document/>", **(more or {})})


def xlsx() -> bytes:
    return docx(kind=XLSX, main="xl/workbook.xml")


def odf(kind: bytes, more: Mapping[str, bytes] | None = None) -> bytes:
    return zipped({"mimetype": kind, "content.xml": b"<office:document-content/>", **(more or {})})


GOOD = {
    "rapport.pdf": PDF,
    "capture.png": png(),
    "photo.JPG": jpeg(),
    "photo.jpeg": jpeg(),
    "image.webp": webp(),
    "note.txt": TEXT,
    "export.csv": CSV,
    "lettre.docx": docx(),
    "comptes.xlsx": xlsx(),
    "lettre.odt": odf(ODT),
    "comptes.ods": odf(ODS),
    "graphique.ods": odf(ODS, {"Object 1/content.xml": b"<c/>", "ObjectReplacements/Object 1": b"VCLMTF"}),
    "imprime.xlsx": docx(
        {"xl/printerSettings/printerSettings1.bin": b"\0"}, kind=XLSX, main="xl/workbook.xml"
    ),
}


def related(
    kind: str, *, element: str = "Relationship", target: str = "http://x/", mode: str = "External"
) -> bytes:
    """A part that says where a letter leads."""
    prefix, colon, _name = element.rpartition(":")
    space = f"xmlns{':' if colon else ''}{prefix}='http://x/relationships'"
    root = f"{prefix}{colon}Relationships"
    one = f'<{element} Id="a" Type="http://x/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return f"<{root} {space}>{one}</{root}>".encode()


RELATIONS = "word/_rels/document.xml.rels"
BAD = {
    "nothing": ("vide.txt", b"", "empty"),
    "no ending": ("rapport", PDF, "name"),
    "an ending alone": (".pdf", PDF, "name"),
    "a kind not taken": ("film.gif", b"GIF89a", "kind"),
    "a program": ("outil.exe", b"MZ\x90\0", "kind"),
    "a page": ("page.html", b"<html>", "kind"),
    "two endings": ("facture.exe.pdf", PDF, "lying"),
    "an ending turned around": ("facture\u202efdp.exe", PDF, "kind"),
    "a PDF that is a PNG": ("rapport.pdf", png(), "lying"),
    "a PNG that is a PDF": ("image.png", PDF, "lying"),
    "a text that is a program": ("note.txt", b"MZ\x90\0\x03", "lying"),
    "a text that is a PDF": ("note.txt", PDF, "lying"),
    "GIF and script at once": ("note.txt", b"GIF89a/*" + b"=1;alert(1)//", "lying"),
    "a text with NUL": ("note.txt", b"a\0b", "lying"),
    "a page as text": ("note.txt", b"bonjour <ScRiPt>alert(1)</script>", "active"),
    "a page in a picture": ("photo.jpg", jpeg(comment=b"<html><script>x</script>"), "active"),
    "PDF and ZIP at once": ("rapport.pdf", PDF + zipped({"a": b"b"}), "after"),
    "PDF around a ZIP": ("rapport.pdf", PDF[:-6] + zipped({"a": b"b"}) + b"\n%%EOF\n", "two"),
    "PNG and ZIP at once": ("image.png", png(after=zipped({"a": b"b"})), "after"),
    "JPEG and ZIP at once": ("photo.jpg", jpeg(after=zipped({"a": b"b"})), "after"),
    "a PDF cut short": ("rapport.pdf", PDF[:40], "damaged"),
    "a PNG cut short": ("image.png", png()[:-6], "damaged"),
    "a PNG of a billion points": ("image.png", png(side=200_000), "bomb"),
    "a JPEG cut short": ("photo.jpg", jpeg()[:30], "damaged"),
    "a WebP cut short": ("image.webp", webp()[:-2], "damaged"),
    "a PDF with a script": ("rapport.pdf", PDF.replace(b"/Catalog", b"/Catalog /J#61vaScript"), "active"),
    "a PDF that starts programs": ("rapport.pdf", PDF.replace(b"/Catalog", b"/Catalog /Launch"), "active"),
    "a locked PDF": ("rapport.pdf", PDF.replace(b"/Root", b"/Encrypt 2 0 R /Root"), "locked"),
    "a ZIP": ("lettre.docx", zipped({"a": b"b"}), "lying"),
    "a spreadsheet as a letter": ("lettre.docx", xlsx(), "lying"),
    "macros": ("lettre.docx", docx({"word/vbaProject.bin": b"x"}), "active"),
    "macros by their kind": (
        "lettre.docx",
        docx(kind="application/vnd.ms-word.document.macroEnabled.main+xml"),
        "active",
    ),
    "macros in ODF": ("lettre.odt", odf(ODT, {"Basic/script-lc.xml": b"x"}), "active"),
    "an embedded object": ("lettre.docx", docx({"word/embeddings/oleObject1.docx": b"x"}), "active"),
    "a ZIP within": ("lettre.docx", docx({"word/media/image1.png": zipped({"a": b"b"})}), "packed"),
    "a bomb": ("lettre.docx", docx({"word/media/a.xml": b"0" * 8_000_000}), "bomb"),
    "too many parts": ("lettre.docx", docx({f"word/{n}.xml": b"" for n in range(2_100)}), "bomb"),
    "a lock": ("lettre.odt", odf(ODT, {"META-INF/manifest.xml": b"<m:encryption-data/>"}), "locked"),
    "an entity": ("lettre.docx", docx({"word/a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]>'}), "active"),
    "a part from elsewhere": ("lettre.docx", docx({RELATIONS: related("attachedTemplate")}), "outside"),
    "a part from elsewhere that poses as a link": (
        "lettre.docx",
        docx({RELATIONS: related("attachedTemplate", target="http://x/hyperlink")}),
        "outside",
    ),
    "a part from elsewhere in other letters": (
        "lettre.docx",
        docx({RELATIONS: related("image", element="r:Relationship", mode="&#69;xternal")}),
        "outside",
    ),
    "relations that can't be read": ("lettre.docx", docx({RELATIONS: b"<Relationships>"}), "damaged"),
    "an ODF macro in a chart": ("comptes.ods", odf(ODS, {"Object 1/Basic/a.xml": b"<x/>"}), "active"),
    "an OLE object in ODF": ("comptes.ods", odf(ODS, {"Object 1": b"x"}), "active"),
    "a ZIP within a photo": ("photo.jpg", jpeg(comment=zipped({"a": b"b"})), "two"),
    "an archive within a photo": ("photo.jpg", jpeg(comment=b"Rar!\x1a\x07\x01\0"), "two"),
    "a PDF within a photo": ("photo.jpg", jpeg(comment=PDF), "two"),
    "a form of programs in a PDF": (
        "rapport.pdf",
        PDF.replace(b"/Catalog", b"/Catalog /XFA [1 0 R]"),
        "active",
    ),
    "a way out": ("lettre.docx", docx({"../../etc/passwd": b"x"}), "damaged"),
    "something before": ("lettre.docx", b"GIF89a" + docx(), "lying"),
    "something in a comment": ("lettre.docx", zipped({"a": b"b"}, comment=b"<script>"), "two"),
}
