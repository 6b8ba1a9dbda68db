from django.urls import path

from seqlense.site.proofs import pages

urlpatterns = [
    path("my-data/requests/<uuid:identifier>/proof/", pages.request_proof, name="request_proof"),
    path(
        "my-data/requests/<uuid:identifier>/proof/file/", pages.request_proof_file, name="request_proof_file"
    ),
    path("account-closed/proof/", pages.farewell_proof, name="farewell_proof"),
    path("proofs/", pages.about, name="proofs"),
    path("proofs/verify_proofs.py", pages.script, name="proof_script"),
]
