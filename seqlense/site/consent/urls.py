"""Addresses of choices and consents; the panel's own stands at the root, without a language."""

from django.urls import path

from seqlense.site.consent import consents, receipts

urlpatterns = [
    path("consent/receipt/", receipts.receipt, name="consent_receipt"),
    path("consent/receipt/file/", receipts.receipt_file, name="consent_receipt_file"),
    path("consent/receipt/proof/", receipts.receipt_proof, name="consent_receipt_proof"),
    path("consents/", consents.consents, name="consents"),
    path("consents/choose/", consents.choose_here, name="consents_choose"),
    path("consents/share/", consents.share, name="consents_share"),
    path("consents/withdraw/<slug:purpose>/", consents.withdraw, name="consents_withdraw"),
    path("consents/<uuid:receipt>/file/", consents.own_file, name="consents_file"),
    path("consents/<uuid:receipt>/proof/", consents.own_proof, name="consents_proof"),
]
