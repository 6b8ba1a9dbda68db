from django.urls import path
from django.utils.translation import gettext_lazy as _

from seqlense.kit.sections import Place
from seqlense.site.support import by_link, confirming, mine, writing

urlpatterns = [
    path("contact/write/", writing.write, name="write"),
    path("contact/sent/", writing.sent, name="write_sent"),
    path("contact/confirm/<str:token>/", confirming.confirm, name="write_confirm"),
    path("contact/request/<str:token>/", by_link.conversation, name="conversation"),
    path("contact/request/<str:token>/close/", by_link.close, name="conversation_close"),
    path("contact/request/<str:token>/link/", by_link.new_link, name="conversation_link"),
    path("contact/request/<str:token>/files/<uuid:file>/", by_link.download, name="conversation_file"),
    path("help/", mine.requests, name="help"),
    path("help/<uuid:request_id>/", mine.conversation, name="help_request"),
    path("help/<uuid:request_id>/close/", mine.close, name="help_close"),
    path("help/<uuid:request_id>/files/<uuid:file>/", mine.download, name="help_file"),
]
PLACES = [Place(url_name="site:help", label=_("Help"), icon="message-square")]
