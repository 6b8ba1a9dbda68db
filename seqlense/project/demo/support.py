"""A dozen requests for help in every state, in both languages, two with a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from seqlense.accounts.models import Account
from seqlense.documents.arriving import Arrived, Arriving
from seqlense.documents.examining import examine
from seqlense.kit.identifiers import uuid7
from seqlense.organisations import doors as organisations
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import RightsRequest
from seqlense.support import asking, handling, links, speaking
from seqlense.support.asking import Wish
from seqlense.support.models import Request

CSV: Final = b"date;facture;montant\n2026-10-02;F-2210;118,80\n2026-11-02;F-2318;237,60\n"
PDF: Final = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] "
    b"/Count 0 >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request: written so many days ago, answered (if at all) so many after, closed or not.

    by: address of somebody without an account; "": one of the people of the demo.
    """

    days: float
    title: str
    message: str
    language: str
    by: str = ""
    name: str = ""
    answer: str = ""
    after: float = 0.4
    thanks: str = ""
    closed: bool = False
    confirmed: bool = True
    note: str = ""
    right: str = ""
    file: tuple[str, bytes] | None = None


REQUESTS: Final[Sequence[Asked]] = (
    Asked(days=0.1, language="fr", title="Changer l’adresse de facturation",
          message="Bonjour,\n\nNous déménageons le mois prochain. Où puis-je indiquer la nouvelle "
              "adresse pour nos factures ?\n\nMerci d’avance"),
    Asked(days=0.6, language="en", title="Invitation never arrived",
          message="Hello,\n\nI invited a colleague on Monday, and she has received nothing so far. The "
              "reference is 7F3A.",
          note="L’adresse a rebondi chez le destinataire : demander une autre adresse."),
    Asked(days=1.2, language="fr", title="Deux prélèvements pour la même facture", file=("releve.csv", CSV),
          message="Bonjour, la facture F-2318 semble avoir été prélevée deux fois. Je joins l’extrait "
              "de nos écritures."),
    Asked(days=2.4, language="fr", by="m.girard@mairie-valdoux.example", name="Mireille Girard",
          title="Une offre pour les collectivités ?",
          message="Bonjour,\n\nNotre commune compte douze agents. Existe-t-il un tarif pour les "
              "collectivités ?"),
    Asked(days=4.5, language="en", title="Which server holds our data?",
          message="Our auditor asks in which country the data is stored, and who runs the servers."),
    Asked(days=6, language="fr", by="h.nowak@imprimerie-nowak.example", name="Hélène Nowak", right="access",
          title="Copie de mes données",
          message="Bonjour, je souhaite recevoir une copie de toutes les données que vous détenez à "
              "mon sujet."),
    Asked(days=3, language="fr", title="Passkey refusée sur mon téléphone", after=0.2,
          message="Depuis la mise à jour, mon téléphone ne propose plus la clé d’accès.",
          answer="Bonjour,\n\nOuvrez Sécurité, retirez l’ancienne clé et ajoutez-en une nouvelle "
              "depuis le téléphone. Votre code de secours reste valable entre-temps."),
    Asked(days=5, language="en", title="Export as CSV", after=1,
          message="Is there a way to export the list of members as CSV?",
          answer="There is, in the settings of the organisation, for owners and administrators. Tell "
              "us if you don’t see it."),
    Asked(days=9, language="fr", title="Contrat signé", file=("contrat.pdf", PDF), after=1.5,
          message="Veuillez trouver le contrat signé en pièce jointe.",
          answer="Bien reçu, merci. Il est enregistré avec votre dossier.",
          thanks="Merci. Pourriez-vous aussi confirmer la date de début ?"),
    Asked(days=20, language="fr", title="Mot de passe oublié", closed=True, after=0.1,
          message="Je ne reçois pas le lien pour changer de mot de passe.",
          answer="Le message était parmi les indésirables de votre messagerie. Le lien vaut une heure."),
    Asked(days=41, language="en", by="j.doyle@quayside.example", name="Jane Doyle", closed=True, after=2,
          title="Do you work with resellers?",
          message="We advise small firms in Cork, and would like to resell your product.",
          answer="Not at the moment. We have noted nothing about you beyond this exchange, which goes "
              "in a year."),
    Asked(days=120, language="fr", title="Supprimer un ancien membre", closed=True, after=0.5,
          message="Un collègue est parti. Que deviennent ses accès ?",
          answer="Retirez-le depuis la page des membres : ses accès cessent aussitôt."),
    Asked(days=2, language="fr", by="contact@brocante-lune.example", confirmed=False,
          title="Question sur les tarifs", message="Combien coûte l’abonnement pour deux personnes ?"),
)  # fmt: skip


def plant(people: Sequence[Account], staff: Sequence[Account], *, now: datetime) -> None:
    """people: verified accounts, of both languages. staff: who answer, in turn."""
    turns = {"fr": iter(_in("fr", people)), "en": iter(_in("en", people))}
    for number, one in enumerate(REQUESTS):
        at = now - timedelta(days=one.days)
        files = [_file(*one.file)] if one.file else []
        made = _written(one, None if one.by else next(turns[one.language]), files, at)
        for file in files:
            file.drop()
        if one.confirmed:
            _handled(made, one, staff[number % len(staff)], at, now)


def _in(language: str, people: Sequence[Account]) -> Sequence[Account]:
    return [account for account in people if account.language == language]


def _file(name: str, content: bytes) -> Arrived:
    arriving = Arriving()
    arriving.write(content)
    whole = arriving.whole()
    called, kind = examine(whole, name)
    return Arrived(arriving, whole, name=called, kind=kind)


def _written(one: Asked, account: Account | None, files: Sequence[Arrived], at: datetime) -> Request:
    said = Wish(title=one.title, message=one.message, name=one.name, phone="", language=one.language)
    if account is not None:
        return asking.ask_signed_in(uuid7(), said, account=account, files=files, now=at)
    made = asking.ask(uuid7(), said, address=one.by, source=one.by, files=files, now=at)
    if one.confirmed:
        asking.confirm(links.token("confirm", made.pk, now=at), holder=None, now=at)
    return made


def _handled(made: Request, one: Asked, by: Account, at: datetime, now: datetime) -> None:
    staff = Actor.staff(by.subject_id)
    if one.note:
        handling.note(made.pk, one.note, actor=staff, now=at + timedelta(hours=1))
    if one.right:
        handling.note_right(made.pk, RightsRequest.Kind(one.right), actor=staff, now=at + timedelta(hours=2))
    for home in organisations.mine(made.subject_id)[:1]:
        made.refresh_from_db()
        handling.link_customer(
            made.pk, home.organisation, seen=made.revision, actor=staff, now=at + timedelta(hours=2)
        )
    if not one.answer:
        return
    made.refresh_from_db()
    then = min(at + timedelta(days=one.after), now)
    handling.read(made.pk, actor=staff, now=then)
    found = handling.answer(
        made.pk, one.answer, seen=made.revision, identifier=uuid7(), actor=staff, now=then
    )
    if one.thanks:
        author = Actor.person(made.subject_id)
        later = then + timedelta(hours=5)
        found = speaking.reply(made.pk, one.thanks, identifier=uuid7(), actor=author, now=later)
    if one.closed:
        handling.close(made.pk, seen=found.revision, actor=staff, now=then + timedelta(hours=6))
