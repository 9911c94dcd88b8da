from django.urls import path

from maillage.demo import views

urlpatterns = [path("demo/", views.choose, name="choose")]
