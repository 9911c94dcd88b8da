from django.urls import path

from maillage.core import views

urlpatterns = [
    path("documents/<uuid:uuid>/", views.document, name="document"),
    path("taches/", views.job_list, name="jobs"),
    path("taches/<uuid:uuid>/", views.job, name="job"),
]
