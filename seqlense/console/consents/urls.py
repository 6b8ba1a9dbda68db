from django.urls import path
from django.utils.translation import gettext_lazy as _

from seqlense.console.consents import displays, exporting, figures, receipts
from seqlense.kit.sections import Place

PLACES = [Place(url_name="console:consents", label=_("Consents"), icon="circle-check", group="people")]

urlpatterns = [
    path("consents/", figures.consents_page, name="consents"),
    path("consents/receipts/", receipts.receipts_page, name="consent_receipts"),
    path("consents/receipts/export/<slug:form>/", exporting.export, name="consent_export"),
    path("consents/receipts/<uuid:receipt>/", receipts.receipt_page, name="consent_receipt"),
    path("consents/receipts/<uuid:receipt>/file/", receipts.receipt_file, name="consent_receipt_file"),
    path("consents/receipts/<uuid:receipt>/proof/", receipts.receipt_proof, name="consent_receipt_proof"),
    path("consents/people/<uuid:subject>/", receipts.person_page, name="consents_of"),
    path("consents/shown/<slug:version>/", displays.display_page, name="consent_display"),
    path("consents/shown/<slug:version>/<slug:theme>.png", displays.picture, name="consent_picture"),
]
