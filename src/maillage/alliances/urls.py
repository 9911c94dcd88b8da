from django.urls import path

from maillage.alliances import views

alliance_urlpatterns = [
    path("", views.home, name="home"),
]
