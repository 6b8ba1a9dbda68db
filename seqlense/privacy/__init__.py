"""The register, run: people's data is touched only as the register declares.

Usable by any Django project: `INSTALLED_APPS += ["seqlense.privacy.keystore", "seqlense.privacy"]`, and a
`governance.py` beside the models. With sealed columns it also needs a database alias `keys` and
`DATABASE_ROUTERS = ["seqlense.privacy.routers.KeysRouter"]`.
"""
