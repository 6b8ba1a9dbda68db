"""Addresses of the pages of one's own account."""

from django.urls import path

from seqlense.site.account import (
    closing_pages,
    mail_links,
    passkey_pages,
    security,
    settings_pages,
    sign_in,
    sign_up,
)

urlpatterns = [
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("sign-up/sent/", sign_up.sign_up_sent, name="sign_up_sent"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-in/passkey/", sign_in.sign_in_passkey, name="sign_in_passkey"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("signed-out/", sign_in.signed_out, name="signed_out"),
    path("password-forgotten/", sign_in.forgotten, name="forgotten"),
    path("password-forgotten/sent/", sign_in.forgotten_sent, name="forgotten_sent"),
    path("link/<str:token>/", mail_links.mail_link, name="mail_link"),
    path("settings/", settings_pages.settings, name="settings"),
    path("settings/email/", settings_pages.email, name="email"),
    path("settings/email/call-off/", settings_pages.email_call_off, name="email_call_off"),
    path("settings/<slug:section>/", settings_pages.settings_section, name="settings_section"),
    path("security/", security.security, name="security"),
    path("security/password/", security.password, name="password"),
    path("security/password/remove/", security.password_remove, name="password_remove"),
    path("security/codes/", security.codes_on, name="codes_on"),
    path("security/codes/off/", security.codes_off, name="codes_off"),
    path("security/recovery-codes/", security.recovery_renew, name="recovery_renew"),
    path("security/second-factor/", security.second_factor, name="second_factor"),
    path("security/sessions/end-others/", security.sessions_revoke, name="sessions_revoke"),
    path("security/sessions/<uuid:session>/end/", security.session_revoke, name="session_revoke"),
    path("security/passkeys/add/", passkey_pages.passkey_add, name="passkey_add"),
    path("security/passkeys/<uuid:passkey>/", passkey_pages.passkey_rename, name="passkey_rename"),
    path("security/passkeys/<uuid:passkey>/remove/", passkey_pages.passkey_remove, name="passkey_remove"),
    path("close-account/", closing_pages.close_account, name="close_account"),
    path("account-closed/", closing_pages.account_closed, name="account_closed"),
]
