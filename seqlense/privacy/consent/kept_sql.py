"""Statements over all receipts: those at hand, and those that the register's rule put in the archive."""

from typing import Final

_REST: Final = "at, kind, purpose, answers, how, shown, language, register_version, previous, salt, ended_at"
_ARCHIVED: Final = (
    "from privacy_archived a cross join lateral jsonb_populate_record(null::consent_receipt, "
    "a.values || jsonb_build_object('id', a.row, 'subject_id', a.subject_id)) one "
    "where a.model = 'consent.receipt'"
)
ALL: Final = (
    f"(select id, subject_id, {_REST}, false as archived from consent_receipt union all "
    f"select one.id, one.subject_id, {_REST}, true {_ARCHIVED})"
)
"""All of them, as rows of one kind."""
CONTENT: Final = (
    "select consent_receipt_content(one), one.salt from consent_receipt one where one.id = %(id)s union all "
    f"select consent_receipt_content(one), one.salt {_ARCHIVED} and a.row = %(id)s::text"
)
SHOWN: Final = f"select distinct shown from {ALL} r where shown <> '' order by 1"


def rows(condition: str, more: str = "") -> str:
    """Receipts `r` that meet a condition, latest first."""
    return f"select r.* from {ALL} r where {condition} order by r.at desc, r.id desc {more}"


def figures(condition: str) -> str:
    """By month and what was asked: how many said yes, and no."""
    return (
        "with asked as (select date_trunc('month', r.at, 'UTC') as month, 'choice' as kind, "
        "answer.key as about, answer.value::text = 'true' as yes "
        f"from {ALL} r cross join lateral jsonb_each(r.answers) answer "
        f"where r.kind = 'choice' and {condition} union all "
        "select date_trunc('month', r.at, 'UTC'), 'given', r.purpose, r.kind = 'given' "
        f"from {ALL} r where r.kind <> 'choice' and {condition}) "
        "select month, kind, about, count(*) filter (where yes), count(*) filter (where not yes) from asked "
        "group by 1, 2, 3 order by 1 desc, 2, 3"
    )
