from django.urls import path
from django.utils.translation import gettext_lazy as _

from seqlense.console.upkeep import backups, evidence, keys, log
from seqlense.kit.sections import Place

PLACES = [
    Place(url_name="console:keys", label=_("Keys"), icon="key-round", group="guarantees"),
    Place(url_name="console:backups", label=_("Backups"), icon="archive", group="guarantees"),
    Place(url_name="console:log", label=_("Log"), icon="badge-check", group="guarantees"),
    Place(url_name="console:evidence", label=_("Evidence"), icon="gavel", group="guarantees"),
]

urlpatterns = [
    path("keys/", keys.keys_page, name="keys"),
    path("keys/drill/", keys.run_drill, name="run_drill"),
    path("backups/", backups.backups_page, name="backups"),
    path("backups/make/", backups.make_backup, name="make_backup"),
    path("backups/verify/", backups.verify_backups, name="verify_backups"),
    path("backups/restores/", backups.restorations_page, name="restorations"),
    path("evidence/", evidence.evidence_page, name="evidence"),
    path("evidence/make/", evidence.make_evidence, name="make_evidence"),
    path("evidence/<uuid:errand>/", evidence.download_evidence, name="download_evidence"),
    path("log/", log.log_page, name="log"),
    path("log/verify/", log.verify_log, name="verify_log"),
]
