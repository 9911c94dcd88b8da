from django.urls import path

from maillage.core import health, views

urlpatterns = [
    path("documents/<uuid:uuid>/", views.document, name="document"),
    path("taches/", views.job_list, name="jobs"),
    path("taches/<uuid:uuid>/", views.job, name="job"),
    path("recherche/", views.search_everywhere, name="search"),
    path("courriels/", views.mail_list, name="mails"),
    path("courriels/<uuid:uuid>/", views.mail_detail, name="mail"),
]

machine_urlpatterns = [
    path("sante/vivant", health.alive, name="alive"),
    path("sante/pret", health.ready, name="ready"),
]
