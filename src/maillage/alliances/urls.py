from django.urls import path

from maillage.alliances import invitation_views, views

alliance_urlpatterns = [
    path("", views.home, name="home"),
    path("invitations/", invitation_views.invite, name="invite"),
    path("invitations/<uuid:number>/renvoyer/", invitation_views.resend, name="invitation_resend"),
    path("invitations/<uuid:number>/retirer/", invitation_views.withdraw, name="invitation_withdraw"),
]
urlpatterns = [path("invitation/<str:token>/", invitation_views.invitation, name="invitation")]
