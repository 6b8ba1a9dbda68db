from seqlense.privacy.governance import Governance, Governed, Impersonal

ACCOUNT = ["username", "first_name", "last_name", "email", "is_staff", "is_superuser", "is_active"]
USER = dict.fromkeys([*ACCOUNT, "date_joined", "last_login"], "account") | {"password": "password"}
LOAN, BACK = dict.fromkeys(["book", "borrowed_at", "returned_at"], "loans"), {"returned": "returned_at"}
SEEN = {"events": {"last_seen": "last_login"}, "unindexed": {"last_login": "A few thousand members."}}
PHONE, SENT = {"phone": "account"}, {"subject": "loan__user", "items": {"sent_at": "loans"}}
GOVERNANCE = Governance(
    governed=[
        Governed(model="auth.User", activity="lending", subject="id", items=USER, **SEEN),
        Governed(model="lending.Reader", activity="lending", subject="user", items=PHONE, follows="user"),
        Governed(model="lending.Loan", activity="lending", subject="user", items=LOAN, events=BACK),
        Governed(model="lending.Reminder", activity="lending", follows="loan", **SENT),
    ],
    impersonal=[Impersonal(model="lending.Book", reason="Titles on the shelf.")],
)
