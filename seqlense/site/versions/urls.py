from django.urls import path

from seqlense.site.versions import answers, pages

urlpatterns = [
    path("notices/", pages.versions_page, name="notice_versions"),
    path("notices/difference/", pages.difference_page, name="notice_difference"),
    path("notices/news/", answers.news_page, name="notice_news"),
    path("notices/news/<int:number>/read/", answers.put_away, name="notice_read"),
    path("notices/news/<int:number>/<slug:activity>/", answers.answer, name="notice_answer"),
    path("notices/<int:number>/<slug:kind>/", pages.version_page, name="notice_version"),
]
