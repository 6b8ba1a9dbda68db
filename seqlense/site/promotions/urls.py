from django.urls import path

from seqlense.site.promotions import groups, pages, reacting

urlpatterns = [
    path("promotions/", pages.promotions, name="promotions"),
    path("promotions/personal/", pages.personal, name="promotions_personal"),
    path("promotions/memory/", pages.memory, name="promotions_memory"),
    path("promotions/<uuid:promotion>/why/", reacting.why, name="promotion_why"),
    path("promotions/<uuid:promotion>/open/", reacting.open_link, name="promotion_open"),
    path("promotions/<uuid:promotion>/put-away/", reacting.put_away, name="promotion_put_away"),
    path("my-groups/", groups.my_groups, name="my_groups"),
    path("my-groups/choice/", groups.choice, name="my_groups_choice"),
]
