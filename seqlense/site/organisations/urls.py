from django.urls import path

from seqlense.site.organisations import (
    answering,
    ending,
    governing,
    inviting,
    membership,
    overview,
    ownership,
)

HERE = "organisations/<uuid:organisation>/"

urlpatterns = [
    path("organisations/", overview.organisations, name="organisations"),
    path("organisations/new/", overview.new, name="organisation_new"),
    path(HERE, overview.organisation, name="organisation"),
    path(f"{HERE}permissions/", overview.permissions, name="organisation_permissions"),
    path(f"{HERE}members/<uuid:membership>/", membership.role, name="organisation_member"),
    path(f"{HERE}members/<uuid:membership>/remove/", membership.remove, name="organisation_remove"),
    path(f"{HERE}leave/", membership.leave, name="organisation_leave"),
    path(f"{HERE}invitations/", inviting.invite, name="organisation_invitations"),
    path(f"{HERE}invitations/<uuid:invitation>/resend/", inviting.resend, name="organisation_resend"),
    path(f"{HERE}invitations/<uuid:invitation>/withdraw/", inviting.withdraw, name="organisation_withdraw"),
    path(f"{HERE}settings/", governing.settings, name="organisation_settings"),
    path(f"{HERE}second-factor/", governing.second_factor, name="organisation_second_factor"),
    path(f"{HERE}hand-over/", ownership.hand_over, name="organisation_hand_over"),
    path(f"{HERE}hand-over/take-back/", ownership.take_back, name="organisation_take_back"),
    path(f"{HERE}take-over/", ownership.take_over, name="organisation_take_over"),
    path(f"{HERE}close/", ending.close, name="organisation_close"),
    path(f"{HERE}reopen/", ending.reopen, name="organisation_reopen"),
    path("invitation/<str:token>/", answering.invitation, name="invitation"),
]
