from django.urls import path
from django.utils.translation import gettext_lazy as _

from seqlense.console.inbox import acting, listing, one, searching
from seqlense.kit.sections import Place

HERE = "requests/<uuid:request_id>/"

urlpatterns = [
    path("requests/", listing.inbox, name="inbox"),
    path("requests/found/", searching.search_requests, name="search_requests"),
    path(HERE, one.conversation, name="inbox_request"),
    path(f"{HERE}note/", one.note, name="inbox_note"),
    path(f"{HERE}assign/", acting.assign, name="inbox_assign"),
    path(f"{HERE}close/", acting.close, name="inbox_close"),
    path(f"{HERE}reopen/", acting.reopen, name="inbox_reopen"),
    path(f"{HERE}customer/", acting.customer, name="inbox_customer"),
    path(f"{HERE}right/", acting.right, name="inbox_right"),
    path(f"{HERE}right/answered/", acting.right_answered, name="inbox_right_answered"),
    path(f"{HERE}files/<uuid:file>/", one.download, name="inbox_file"),
]
PLACES = [Place(url_name="console:inbox", label=_("Requests"), icon="inbox", group="people")]
