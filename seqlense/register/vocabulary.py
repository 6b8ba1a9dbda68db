"""The words a register may use, with their names in French and English.

Closed lists, so that a misspelt word is caught and every export (DPV included) knows each of them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from seqlense.register.text import Text


class Word(StrEnum):
    """A member is written `NAME = "value", "en français", "in English"`."""

    label: Text

    def __new__(cls, value: str, fr: str = "", en: str = "") -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = Text(fr=fr, en=en)
        return word


class Status(Word):
    ACTIVE = "active", "en service", "running"
    INACTIVE = "inactive", "pas en service", "not running"


class Role(Word):
    CONTROLLER = "controller", "responsable du traitement", "controller"
    PROCESSOR = "processor", "sous-traitant", "processor"


class Ground(Word):
    """The six grounds of GDPR art. 6(1)."""

    CONSENT = "consent", "consentement", "consent"
    CONTRACT = "contract", "exécution d’un contrat", "performance of a contract"
    LEGAL_OBLIGATION = "legal_obligation", "obligation légale", "legal obligation"
    VITAL_INTERESTS = "vital_interests", "intérêts vitaux", "vital interests"
    PUBLIC_TASK = "public_task", "mission d’intérêt public", "public task"
    LEGITIMATE_INTEREST = "legitimate_interest", "intérêt légitime", "legitimate interest"

    @property
    def article(self) -> str:
        """The article of the GDPR, as it is usually cited: "6(1)(f)"."""
        return f"6(1)({'abcdef'[list(Ground).index(self)]})"


class SpecialCondition(Word):
    """Conditions of GDPR art. 9(2) that lift the ban on special categories of data."""

    EXPLICIT_CONSENT = "explicit_consent", "consentement explicite", "explicit consent"
    EMPLOYMENT_LAW = "employment_law", "droit du travail et protection sociale", "employment and social law"
    VITAL_INTERESTS = "vital_interests", "intérêts vitaux", "vital interests"
    MEMBERSHIP = (
        "membership",
        "activité d’un organisme à but non lucratif",
        "activity of a not-for-profit body",
    )
    MADE_PUBLIC = "made_public", "données rendues publiques par la personne", "data the person made public"
    LEGAL_CLAIMS = "legal_claims", "droits en justice", "legal claims"
    PUBLIC_INTEREST = "public_interest", "intérêt public important", "substantial public interest"
    HEALTH_CARE = "health_care", "soins de santé", "health care"
    PUBLIC_HEALTH = "public_health", "santé publique", "public health"
    RESEARCH = "research", "archives, recherche ou statistiques", "archiving, research or statistics"


class Category(Word):
    """Kinds of personal data."""

    IDENTIFICATION = "identification", "identification", "identification"
    CIVIL_STATUS = "civil_status", "état civil", "civil status"
    CONTACT = "contact", "coordonnées", "contact details"
    CREDENTIALS = "credentials", "moyens d’authentification", "means of authentication"
    ELECTRONIC = "electronic", "identification électronique", "electronic identification"
    CONNECTION = "connection", "données de connexion", "connection data"
    PROFESSIONAL = "professional", "vie professionnelle", "professional life"
    CONTRACT = "contract", "relation contractuelle", "contractual relation"
    FINANCIAL = "financial", "données bancaires et paiements", "bank details and payments"
    PREFERENCES = "preferences", "réglages et préférences", "settings and preferences"
    HABITS = "habits", "navigation et habitudes", "browsing and habits"
    CORRESPONDENCE = "correspondence", "échanges", "correspondence"
    DOCUMENT = "document", "documents", "documents"
    CHOICE = "choice", "choix de la personne", "the person’s choices"
    REQUEST = "request", "demandes et droits exercés", "requests and rights exercised"
    PROFILE = "profile", "profil déduit", "inferred profile"
    LOCATION = "location", "localisation", "location"
    IDENTITY_DOCUMENT = "identity_document", "pièce d’identité", "identity document"
    IMAGE = "image", "image de la personne", "image of the person"
    NATIONAL_NUMBER = "national_number", "numéro d’identification national", "national identification number"
    OFFENCES = "offences", "condamnations et infractions", "convictions and offences"
    BIOMETRIC = "biometric", "données biométriques", "biometric data"
    HEALTH = "health", "santé", "health"
    GENETIC = "genetic", "données génétiques", "genetic data"
    ORIGIN = "origin", "origine raciale ou ethnique", "racial or ethnic origin"
    OPINIONS = "opinions", "opinions politiques", "political opinions"
    BELIEFS = "beliefs", "convictions religieuses ou philosophiques", "religious or philosophical beliefs"
    UNION = "union", "appartenance syndicale", "trade-union membership"
    SEXUAL_LIFE = "sexual_life", "vie ou orientation sexuelle", "sex life or orientation"

    @property
    def special(self) -> bool:
        """Whether GDPR art. 9(1) forbids it unless a condition of art. 9(2) is met."""
        return self in _SPECIAL


_SPECIAL = frozenset(
    {
        Category.BIOMETRIC,
        Category.HEALTH,
        Category.GENETIC,
        Category.ORIGIN,
        Category.OPINIONS,
        Category.BELIEFS,
        Category.UNION,
        Category.SEXUAL_LIFE,
    }
)


class Source(Word):
    PERSON = "person", "la personne elle-même", "the person"
    USE = "use", "l’utilisation du service", "the use of the service"
    SYSTEM = "system", "produite par le service", "produced by the service"
    ORGANISATION = "organisation", "l’organisation de la personne", "the person’s organisation"
    THIRD_PARTY = "third_party", "un tiers", "a third party"
    PUBLIC_RECORD = "public_record", "une source publique", "a public source"


class Storage(Word):
    """Where a data item rests."""

    DATABASE = "database", "base de données", "database"
    FILES = "files", "stockage de fichiers chiffré", "encrypted file storage"
    RECIPIENT = "recipient", "chez un destinataire", "at a recipient"
    BROWSER = "browser", "navigateur de la personne", "the person’s browser"
    TRANSIENT = "transient", "jamais conservée", "never kept"


class Protection(Word):
    SEALED = (
        "sealed",
        "chiffrée sous une clé propre à la personne",
        "encrypted under a key of the person’s own",
    )
    HASHED = "hashed", "empreinte irréversible", "irreversible hash"
    PLAIN = "plain", "lisible en base", "readable in the database"


class Then(Word):
    ERASE = "erase", "effacement", "erased"
    ARCHIVE = "archive", "archivage à accès restreint", "archived out of ordinary reach"


class Subjects(Word):
    """Kinds of data subjects."""

    VISITOR = "visitor", "visiteurs du site", "visitors to the site"
    USER = "user", "utilisateurs", "users"
    GROUP_ADMINISTRATOR = "group_administrator", "administrateurs de groupe", "group administrators"
    PLATFORM_ADMINISTRATOR = (
        "platform_administrator",
        "administrateurs de la plateforme",
        "platform administrators",
    )
    INVITED = "invited", "personnes invitées", "invited people"
    PROSPECT = "prospect", "clients potentiels", "prospective clients"
    CLIENT = "client", "clients et leurs représentants", "clients and their representatives"
    PAYER = "payer", "payeurs", "payers"
    SIGNER = "signer", "signataires", "signers"
    SUBSCRIBER = "subscriber", "abonnés à la lettre d’information", "newsletter subscribers"
    APPLICANT = "applicant", "candidats", "applicants"
    EMPLOYEE = "employee", "salariés", "employees"
    SUPPLIER = "supplier", "fournisseurs", "suppliers"
    MEMBER = "member", "adhérents", "members"
    STUDENT = "student", "élèves et étudiants", "students"
    PATIENT = "patient", "patients", "patients"
    CHILD = "child", "mineurs", "children"
    HEIR = "heir", "proches et héritiers", "relatives and heirs"
    THIRD_PARTY = "third_party", "tiers cités par un utilisateur", "third parties a user mentions"


class RecipientKind(Word):
    STAFF = "staff", "équipe habilitée", "authorised staff"
    PROCESSOR = "processor", "sous-traitant", "processor"
    CONTROLLER = "controller", "responsable du traitement distinct", "separate controller"
    JOINT_CONTROLLER = "joint_controller", "responsable conjoint", "joint controller"
    AUTHORITY = "authority", "autorité publique", "public authority"
    ORGANISATION = "organisation", "organisation de l’utilisateur", "the user’s organisation"
    SOFTWARE = "software", "logiciel exploité par l’entreprise", "software run by the company itself"


class Tool(Word):
    """What frames a transfer out of the EEA (GDPR chapter V)."""

    ADEQUACY = "adequacy_decision", "décision d’adéquation (art. 45)", "adequacy decision (art. 45)"
    CLAUSES = (
        "standard_contractual_clauses",
        "clauses contractuelles types (art. 46)",
        "standard contractual clauses (art. 46)",
    )
    CORPORATE_RULES = (
        "binding_corporate_rules",
        "règles d’entreprise contraignantes (art. 47)",
        "binding corporate rules (art. 47)",
    )
    DEROGATION = "derogation", "dérogation (art. 49)", "derogation (art. 49)"


class Automated(Word):
    NONE = "none", "aucune décision automatisée", "no automated decision"
    PROFILING = "profiling", "profilage sans décision automatisée", "profiling without automated decisions"
    DECISION = "decision", "décision entièrement automatisée (art. 22)", "solely automated decision (art. 22)"


class Exemption(Word):
    """Why a tracer needs no consent (French law on data and liberties, art. 82)."""

    AUTHENTICATION = "authentication", "authentification", "authentication"
    SECURITY = "security", "sécurité du service demandé", "security of the service asked for"
    CONSENT_CHOICE = "consent_choice", "conservation du choix", "keeping the consent choice"
    LOAD_BALANCING = "load_balancing", "répartition de charge", "load balancing"
    MEASUREMENT = (
        "measurement",
        "mesure d’audience du seul service",
        "audience measurement of the service alone",
    )
    ASKED_FOR = "asked_for", "fonction demandée par la personne", "function the person asked for"


class TracerKind(Word):
    COOKIE = "cookie", "cookie", "cookie"
    LOCAL_STORAGE = "local_storage", "stockage local", "local storage"
    SESSION_STORAGE = "session_storage", "stockage de session", "session storage"


class SameSite(Word):
    """Whether a cookie travels when another site leads here. "None" isn't offered: nothing needs it."""

    STRICT = "strict", "jamais depuis un autre site", "never from another site"
    LAX = "lax", "depuis un lien seulement", "from a link only"


EVENTS: dict[str, Text] = {
    "account_closed": Text(fr="la fermeture du compte", en="the account is closed"),
    "account_removed": Text(
        fr="le retrait du compte par un administrateur de groupe",
        en="a group administrator removes the account",
    ),
    "organisation_deleted": Text(fr="la suppression de l’organisation", en="the organisation is deleted"),
    "tenant_closed": Text(
        fr="la fermeture de l’espace de l’organisation", en="the organisation’s space is closed"
    ),
    "membership_ended": Text(fr="le départ de l’organisation", en="the person leaves the organisation"),
    "unverified_since": Text(
        fr="la création d’un compte dont l’adresse reste sans vérification",
        en="an account is made whose address stays unverified",
    ),
    "invitation_sent": Text(fr="l’envoi de l’invitation", en="the invitation is sent"),
    "handover_offered": Text(fr="l’offre de reprise", en="the handover is offered"),
    "session_ended": Text(fr="la fin de la session", en="the session ends"),
    "link_ended": Text(fr="la fin de validité du lien", en="the link ceases to be valid"),
    "email_change_asked": Text(
        fr="la demande de changement d’adresse", en="a change of address is asked for"
    ),
    "message_queued": Text(fr="la demande d’envoi du message", en="the message is asked for"),
    "message_sent": Text(fr="l’envoi du message", en="the message is sent"),
    "event_recorded": Text(fr="l’enregistrement de l’événement", en="the event is recorded"),
    "last_seen": Text(fr="la dernière utilisation", en="the person was last here"),
    "last_contact": Text(fr="le dernier contact", en="we were last in touch"),
    "request_closed": Text(fr="la clôture de la demande", en="the request is closed"),
    "hold_ended": Text(fr="la fin de la suspension", en="the hold ends"),
    "consent_given": Text(fr="l’expression du choix", en="the choice is made"),
    "consent_withdrawn": Text(fr="le retrait du consentement", en="consent is withdrawn"),
    "unsubscribed": Text(fr="la désinscription", en="the person unsubscribes"),
    "unlinked": Text(fr="la dissociation du compte externe", en="the outside account is unlinked"),
    "contract_ended": Text(fr="la fin du contrat", en="the contract ends"),
    "document_invalid": Text(
        fr="la fin de validité du document signé", en="the signed document ceases to be valid"
    ),
    "payment_made": Text(fr="le paiement", en="the payment is made"),
    "financial_year_closed": Text(fr="la clôture de l’exercice comptable", en="the financial year closes"),
    "directive_executed": Text(fr="l’exécution des directives", en="the directives are carried out"),
    "directive_withdrawn": Text(fr="le retrait des directives", en="the directives are withdrawn"),
    "disclosed": Text(fr="la communication", en="the disclosure is made"),
}
"""Retention events whose name a reader understands by itself; other events need a `when`."""
