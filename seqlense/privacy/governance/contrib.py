"""Declarations for Django's own apps and procrastinate, so that any project starts with them mapped.

People's tables (`auth.User`, sessions, the admin's log) are the project's to declare: only it knows why it
holds them. Where it swaps the user model, `auth.User` isn't installed and needs nothing.
"""

from seqlense.privacy.governance import Governance, Impersonal

CONTRIB: dict[str, Governance] = {
    "django.contrib.contenttypes": Governance(
        impersonal=[Impersonal(model="contenttypes.ContentType", reason="Names of the models installed.")]
    ),
    "django.contrib.auth": Governance(
        impersonal=[
            Impersonal(model="auth.Permission", reason="What staff may do, not who may."),
            Impersonal(model="auth.Group", reason="Names of groups of permissions, not their members."),
        ]
    ),
    "django.contrib.sites": Governance(
        impersonal=[Impersonal(model="sites.Site", reason="The company's own host names.")]
    ),
    "django.contrib.sessions": Governance(
        impersonal=[
            Impersonal(
                model="sessions.Session",
                reason="Random keys, signed contents; a project that keeps personal data there governs it.",
            )
        ]
    ),
    "django.contrib.redirects": Governance(
        impersonal=[Impersonal(model="redirects.Redirect", reason="Addresses of pages.")]
    ),
    "django.contrib.flatpages": Governance(
        impersonal=[Impersonal(model="flatpages.FlatPage", reason="Published pages.")]
    ),
    "procrastinate.contrib.django": Governance(
        impersonal=[
            Impersonal(
                model="procrastinate.*",
                reason="Tasks carry opaque ids only and are deleted when they are done.",
            )
        ],
        tasks={
            "builtin:procrastinate.builtin_tasks.remove_old_jobs": "",
            "procrastinate.builtin_tasks.remove_old_jobs": "",
        },
    ),
}
