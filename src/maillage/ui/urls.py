"""Pages of the interface itself: the component gallery and the choice of appearance."""

from django.urls import path

from maillage.ui import views

urlpatterns = [
    path("galerie/", views.gallery, name="gallery"),
    path("apparence/", views.appearance, name="appearance"),
]
