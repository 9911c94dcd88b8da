from django.urls import path

from maillage.territories import views

urlpatterns = [
    path("territoires/", views.index, name="index"),
    path("territoires/territoires.csv", views.open_data, name="open_data"),
    path("territoires/importer/", views.bring_in, name="import"),
    path("territoires/importer/<uuid:uuid>/", views.confirm_import, name="confirm_import"),
    path("territoires/<slug:slug>/", views.territory, name="territory"),
    path("territoires/<slug:slug>/situer/", views.place, name="place"),
]
