from django.urls import path

from maillage.alliances import invitation_views
from maillage.alliances.acts import urls as acts
from maillage.alliances.links import urls as links
from maillage.alliances.notices import urls as notices
from maillage.alliances.views import cycles, handover, memory, mine, people, public, settings, workspace

urlpatterns = [
    path("", public.index, name="index"),
    path("alliances/nouvelle/", settings.create, name="create"),
    path("invitation/<str:token>/", invitation_views.invitation, name="invitation"),
    *links.urlpatterns,
    *notices.urlpatterns,
    *acts.urlpatterns,
]

alliance_urlpatterns = [
    path("", public.home, name="home"),
    path("moi/", mine.mine, name="mine"),
    path("recherche/", public.search, name="search"),
    path("memoire/", memory.timeline, name="memory"),
    path("memoire/ajouter/", memory.add, name="memory-add"),
    path("memoire/<uuid:event_id>/", memory.edit, name="memory-edit"),
    path("memoire/<uuid:event_id>/retirer/", memory.remove, name="memory-remove"),
    path("alliances/", workspace.children, name="children"),
    path("invitations/", invitation_views.invite, name="invite"),
    path("invitations/<uuid:number>/renvoyer/", invitation_views.resend, name="invitation_resend"),
    path("invitations/<uuid:number>/retirer/", invitation_views.withdraw, name="invitation_withdraw"),
    path("journal/", workspace.journal, name="journal"),
    path("pilotage/", workspace.pilotage, name="pilotage"),
    path("pilotage/alliance/", settings.settings, name="settings"),
    path("pilotage/alliance/adresse/", settings.rename, name="rename"),
    path("pilotage/alliance/ouverture/", settings.open_pages, name="open"),
    path("pilotage/alliance/territoires/", settings.cover, name="cover"),
    path("pilotage/alliance/territoires/<int:coverage_id>/", settings.leave, name="leave"),
    path("pilotage/periodes/", cycles.cycles, name="cycles"),
    path("pilotage/periodes/ajouter/", cycles.add_cycle, name="cycle-add"),
    path("pilotage/periodes/<int:cycle_id>/", cycles.edit_cycle, name="cycle"),
    path("pilotage/periodes/<int:cycle_id>/retirer/", cycles.remove_cycle, name="cycle-remove"),
    path("pilotage/periodes/<int:cycle_id>/entente/", cycles.agreement, name="agreement"),
    path("pilotage/periodes/<int:cycle_id>/etapes/ajouter/", cycles.add_stage, name="stage-add"),
    path("pilotage/etapes/<int:stage_id>/", cycles.stage, name="stage"),
    path("pilotage/etapes/<int:stage_id>/deplacer/", cycles.move_stage, name="stage-move"),
    path("pilotage/etapes/<int:stage_id>/retirer/", cycles.remove_stage, name="stage-remove"),
    path("pilotage/etapes/<int:stage_id>/livrables/", cycles.add_deliverable, name="deliverable-add"),
    path("pilotage/livrables/<int:deliverable_id>/", cycles.edit_deliverable, name="deliverable"),
    path("pilotage/livrables/<int:deliverable_id>/fait/", cycles.do_deliverable, name="deliverable-done"),
    path("pilotage/livrables/<int:deliverable_id>/retirer/", cycles.remove_deliverable, name="deliverable-remove"),
    path("pilotage/personnes/", people.people, name="people"),
    path("pilotage/personnes/ajouter/", people.add_person, name="person-add"),
    path("pilotage/personnes/<uuid:person_id>/", people.person, name="person"),
    path("pilotage/personnes/<uuid:person_id>/modifier/", people.edit_person, name="person-edit"),
    path("pilotage/personnes/<uuid:person_id>/roles/", people.grant_role, name="role-add"),
    path("pilotage/roles/<int:role_id>/fin/", people.end_role, name="role-end"),
    path("pilotage/pouvoirs/", people.powers, name="powers"),
    path("pilotage/pouvoirs/ajouter/", people.add_power, name="power-add"),
    path("pilotage/pouvoirs/<int:power_id>/", people.edit_power, name="power"),
    path("pilotage/mots/", people.terms, name="terms"),
    path("pilotage/mots/<slug:scheme>/ajouter/", people.add_term, name="term-add"),
    path("pilotage/mots/<int:term_id>/", people.edit_term, name="term"),
    path("pilotage/passation/", handover.handover, name="handover"),
    path("pilotage/passation/faire/", handover.make, name="handover-make"),
    *notices.alliance_urlpatterns,
    *acts.alliance_urlpatterns,
]
