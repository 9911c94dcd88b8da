import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('actors', '0001_initial'),
        ('alliances', '0001_initial'),
        ('territories', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='actor',
            name='alliance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actors', to='alliances.alliance'),
        ),
        migrations.AddField(
            model_name='actor',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorbed', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='actor',
            name='territory',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='territories.territory', verbose_name='territory'),
        ),
        migrations.AddField(
            model_name='actoralias',
            name='actor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='actorfield',
            name='actor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='actormerge',
            name='absorbed',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_absorbed', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='actormerge',
            name='alliance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actor_merges', to='alliances.alliance'),
        ),
        migrations.AddField(
            model_name='actormerge',
            name='kept',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_kept', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='actormerge',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='campaignreply',
            name='actor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='campaign_replies', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='duplicateproposal',
            name='alliance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duplicate_proposals', to='alliances.alliance'),
        ),
        migrations.AddField(
            model_name='duplicateproposal',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='duplicateproposal',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='interest',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='interests_declared', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='interest',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interests', to='alliances.person'),
        ),
        migrations.AddField(
            model_name='interest',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='interestreview',
            name='person',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='interest_review', to='alliances.person'),
        ),
        migrations.AddField(
            model_name='mandate',
            name='actor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mandates', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='mandate',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mandates', to='alliances.person'),
        ),
        migrations.AddField(
            model_name='notduplicate',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='notduplicate',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='offering',
            name='actor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offerings', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='actor',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actors', to='actors.organisation'),
        ),
        migrations.AddField(
            model_name='organisationidentifier',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identifiers', to='actors.organisation'),
        ),
        migrations.AddField(
            model_name='participation',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='participation',
            name='alliance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='alliances.alliance'),
        ),
        migrations.AddField(
            model_name='participation',
            name='stage',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='participations', to='alliances.stage'),
        ),
        migrations.AddField(
            model_name='tie',
            name='alliance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ties', to='alliances.alliance'),
        ),
        migrations.AddField(
            model_name='tie',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ties_first', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='tie',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ties_second', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='tie',
            name='told_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ties_told', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='tiecampaign',
            name='alliance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tie_campaigns', to='alliances.alliance'),
        ),
        migrations.AddField(
            model_name='campaignreply',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='actors.tiecampaign'),
        ),
        migrations.AddField(
            model_name='tieimport',
            name='alliance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tie_imports', to='alliances.alliance'),
        ),
        migrations.AddField(
            model_name='tieimport',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='alliance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='withdrawals', to='alliances.alliance'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to='alliances.person'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='withdrawalnote',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal_notes', to='actors.actor'),
        ),
        migrations.AddField(
            model_name='withdrawalnote',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='withdrawal_notes', to='alliances.person'),
        ),
        migrations.AddField(
            model_name='withdrawalnote',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='withdrawalnote',
            name='settled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='actoralias',
            constraint=models.UniqueConstraint(fields=('actor', 'name'), name='actors_alias_once'),
        ),
        migrations.AddConstraint(
            model_name='actorfield',
            constraint=models.UniqueConstraint(fields=('actor', 'scheme', 'code'), name='actors_tag_once'),
        ),
        migrations.AddIndex(
            model_name='duplicateproposal',
            index=models.Index(fields=['alliance', '-score'], name='actors_proposals'),
        ),
        migrations.AddConstraint(
            model_name='duplicateproposal',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='actors_proposal_once'),
        ),
        migrations.AddConstraint(
            model_name='duplicateproposal',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='actors_proposal_order'),
        ),
        migrations.AddConstraint(
            model_name='interest',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='actors_interest_interval'),
        ),
        migrations.AddConstraint(
            model_name='interest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'family'), _negated=True), ('is_private', True), _connector='OR'), name='actors_family_private'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='actors_mandate_interval'),
        ),
        migrations.AddConstraint(
            model_name='notduplicate',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='actors_not_duplicate_once'),
        ),
        migrations.AddConstraint(
            model_name='notduplicate',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='actors_not_duplicate_order'),
        ),
        migrations.AddIndex(
            model_name='actor',
            index=models.Index(fields=['alliance', 'sort_key', 'id'], name='actors_directory'),
        ),
        migrations.AddIndex(
            model_name='actor',
            index=models.Index(fields=['alliance', 'type'], name='actors_by_type'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='actors_actor_interval'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='actors_not_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='organisationidentifier',
            constraint=models.UniqueConstraint(fields=('scheme', 'value'), name='actors_identifier_once'),
        ),
        migrations.AddIndex(
            model_name='participation',
            index=models.Index(fields=['alliance', 'on'], name='actors_participations'),
        ),
        migrations.AddIndex(
            model_name='participation',
            index=models.Index(fields=['stage', 'type'], name='actors_by_stage'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.UniqueConstraint(fields=('reference', 'type', 'actor'), name='actors_participation_once'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.UniqueConstraint(condition=models.Q(('actor', None)), fields=('reference', 'type'), name='actors_participation_once_without'),
        ),
        migrations.AddIndex(
            model_name='tie',
            index=models.Index(fields=['alliance', 'kind'], name='actors_ties_by_kind'),
        ),
        migrations.AddConstraint(
            model_name='tie',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='actors_tie_interval'),
        ),
        migrations.AddConstraint(
            model_name='tie',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='actors_tie_order'),
        ),
        migrations.AddConstraint(
            model_name='tie',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('first', 'second', 'kind'), name='actors_tie_open_once'),
        ),
        migrations.AddConstraint(
            model_name='tiecampaign',
            constraint=models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opens_on'))), name='actors_campaign_dates'),
        ),
        migrations.AddConstraint(
            model_name='campaignreply',
            constraint=models.UniqueConstraint(fields=('campaign', 'actor'), name='actors_campaign_reply_once'),
        ),
        migrations.AddIndex(
            model_name='withdrawal',
            index=models.Index(fields=['reference'], name='actors_withdrawals_of'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('person', 'reference'), name='actors_withdrawal_once'),
        ),
        migrations.AddConstraint(
            model_name='withdrawalnote',
            constraint=models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('person', 'reference'), name='actors_withdrawal_note_once'),
        ),
    ]
