import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('actors', '0002_initial'),
        ('alliances', '0001_initial'),
        ('core', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MeetingSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('every', models.CharField(choices=[('week', 'every week'), ('fortnight', 'every two weeks'), ('month', 'every month, the same weekday'), ('quarter', 'every three months, the same weekday')], default='month', max_length=10, verbose_name='how often')),
                ('at', models.TimeField(verbose_name='begins at')),
                ('minutes', models.PositiveSmallIntegerField(default=120, verbose_name='length, in minutes')),
                ('place', models.CharField(blank=True, max_length=300, verbose_name='place')),
                ('online_url', models.URLField(blank=True, verbose_name='to join on line')),
                ('access', models.JSONField(blank=True, default=list)),
                ('is_public', models.BooleanField(default=True, verbose_name='shown in public')),
            ],
            options={
                'ordering': ['space_id', '-since', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Obstacle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('code', models.SlugField(max_length=60, verbose_name='kind')),
                ('words', models.TextField(max_length=2000, verbose_name='in the space’s words')),
                ('is_public', models.BooleanField(default=False, verbose_name='shown in public')),
            ],
            options={
                'ordering': ['space_id', '-since', '-id'],
            },
        ),
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('kind', models.CharField(choices=[('information', 'information'), ('discussion', 'discussion'), ('decision', 'decision'), ('minutes', 'approval of minutes')], default='discussion', max_length=12, verbose_name='kind')),
                ('length', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='length, in minutes')),
                ('preparation', models.TextField(blank=True, max_length=10000, verbose_name='to prepare')),
                ('is_public', models.BooleanField(default=True, verbose_name='shown in public')),
                ('presenter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agenda_items', to='actors.actor')),
            ],
            options={
                'ordering': ['meeting_id', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='AgendaDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.document')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='concertation.agendaitem')),
            ],
            options={
                'ordering': ['item_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('number', models.PositiveIntegerField(blank=True, null=True)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('sort_key', models.CharField(editable=False, max_length=200)),
                ('context', models.TextField(blank=True, max_length=20000, verbose_name='context')),
                ('state', models.CharField(choices=[('draft', 'in preparation'), ('open', 'open'), ('closed', 'closed'), ('withdrawn', 'taken back by whoever proposed it')], default='draft', max_length=10)),
                ('rule', models.CharField(choices=[('consensus', 'consensus'), ('consent', 'consent'), ('majority', 'simple majority'), ('qualified', 'qualified majority')], default='consensus', max_length=12, verbose_name='decision rule')),
                ('share_percent', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(50), django.core.validators.MaxValueValidator(100)], verbose_name='qualified majority, in percent')),
                ('fallback', models.BooleanField(default=False, verbose_name='without consensus, the qualified majority decides')),
                ('quorum', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='quorum, in seats')),
                ('seats', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('closes_at', models.DateTimeField(blank=True, null=True, verbose_name='answers until')),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('adopted', 'adopted'), ('rejected', 'not adopted'), ('no-quorum', 'no quorum'), ('rework', 'to be reworked')], max_length=10)),
                ('tally', models.JSONField(default=dict)),
                ('is_public', models.BooleanField(default=False, verbose_name='shown in public')),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('follow_up_on', models.DateField(blank=True, null=True, verbose_name='to be looked at again on')),
                ('became', models.TextField(blank=True, max_length=5000, verbose_name='what became of it')),
                ('became_on', models.DateField(blank=True, null=True)),
                ('money_cents', models.BigIntegerField(blank=True, null=True, verbose_name='amount')),
                ('language', models.CharField(default='fr', max_length=2)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('agenda_item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='decisions', to='concertation.agendaitem')),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='alliances.alliance')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('presenter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='actors.actor')),
            ],
            options={
                'verbose_name': 'decision',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='DecisionDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='concertation.decision')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.document')),
            ],
            options={
                'ordering': ['decision_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='DecisionOption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('text', models.TextField(max_length=2000, verbose_name='option')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='options', to='concertation.decision')),
            ],
            options={
                'ordering': ['decision_id', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Endorsement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('whereas', models.JSONField(default=list)),
                ('resolved', models.TextField(blank=True, max_length=10000, verbose_name='it is resolved')),
                ('clerk_deadline', models.DateField(blank=True, null=True, verbose_name='to the clerk before')),
                ('session_on', models.DateField(blank=True, null=True, verbose_name='council’s session')),
                ('state', models.CharField(choices=[('draft', 'draft resolution'), ('sent', 'sent to the clerk'), ('endorsed', 'endorsed'), ('refused', 'not endorsed'), ('deferred', 'put off')], default='draft', max_length=10)),
                ('sent_on', models.DateField(blank=True, null=True)),
                ('answered_on', models.DateField(blank=True, null=True)),
                ('resolution_number', models.CharField(blank=True, max_length=60, verbose_name='number of the resolution')),
                ('note', models.TextField(blank=True, max_length=5000, verbose_name='what the council said')),
                ('is_public', models.BooleanField(default=False, verbose_name='shown in public')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='endorsements', to='alliances.alliance')),
                ('council', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='endorsements', to='actors.actor')),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='endorsements', to='concertation.decision')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.document')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='EndorsementInterest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('elected_as', models.CharField(max_length=200, verbose_name='elected as')),
                ('nature', models.CharField(max_length=500, verbose_name='nature of the interest')),
                ('disclosed_on', models.DateField(verbose_name='disclosed on')),
                ('abstained', models.BooleanField(default=True, verbose_name='abstained from discussion and vote')),
                ('endorsement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interests', to='concertation.endorsement')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='endorsement_interests', to='alliances.person')),
            ],
            options={
                'ordering': ['endorsement_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('file_name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('draft', 'columns to choose'), ('ready', 'ready to import'), ('applied', 'imported'), ('undone', 'undone')], default='draft', max_length=10)),
                ('sheet', models.CharField(blank=True, max_length=120)),
                ('header_line', models.PositiveIntegerField(blank=True, null=True)),
                ('columns', models.JSONField(default=dict)),
                ('options', models.JSONField(default=dict)),
                ('categories', models.JSONField(default=dict)),
                ('rejected', models.JSONField(default=list)),
                ('notes', models.JSONField(default=list)),
                ('counts', models.JSONField(default=dict)),
                ('trace', models.JSONField(default=dict)),
                ('job', models.UUIDField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='import_runs', to='alliances.alliance')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.document')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ImportProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('left', models.CharField(max_length=300)),
                ('right', models.CharField(max_length=300)),
                ('score', models.FloatField()),
                ('reasons', models.JSONField(default=list)),
                ('trivial', models.BooleanField(default=False)),
                ('decision', models.CharField(blank=True, choices=[('', 'decide later'), ('left', 'the same: keep the first name'), ('right', 'the same: keep the second name'), ('different', 'two different organisations')], default='', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('right_actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='actors.actor')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='concertation.importrun')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('series_day', models.DateField(blank=True, null=True)),
                ('by_hand', models.BooleanField(default=False)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('starts_at', models.DateTimeField(verbose_name='begins')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('place', models.CharField(blank=True, max_length=300, verbose_name='place')),
                ('online_url', models.URLField(blank=True, verbose_name='to join on line')),
                ('introduction', models.TextField(blank=True, max_length=5000, verbose_name='in a few words')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('open', 'under way'), ('held', 'held'), ('cancelled', 'cancelled')], default='planned', max_length=10)),
                ('is_public', models.BooleanField(default=True, verbose_name='shown in public')),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('invited_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='alliances.alliance')),
                ('facilitator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='facilitates', to='actors.actor')),
                ('stage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='meetings', to='alliances.stage')),
                ('series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='meetings', to='concertation.meetingseries')),
            ],
            options={
                'verbose_name': 'meeting',
                'ordering': ['-starts_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ConditionKept',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('peers', 'at least two peers'), ('preparation', 'preparation'), ('ally', 'an ally'), ('costs', 'costs advanced in cash'), ('debriefing', 'debriefing'), ('withdraw', 'right to withdraw')], max_length=12)),
                ('kept', models.BooleanField()),
                ('note', models.CharField(blank=True, max_length=300)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conditions', to='concertation.meeting')),
            ],
            options={
                'ordering': ['meeting_id', 'code'],
            },
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='concertation.meeting'),
        ),
        migrations.CreateModel(
            name='MeetingAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('transport', 'transport'), ('childcare', 'childcare'), ('meal', 'meal'), ('interpretation', 'interpretation'), ('compensation', 'compensation'), ('accessible', 'accessible premises'), ('costs', 'costs advanced')], max_length=20)),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='details')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='access', to='concertation.meeting')),
            ],
            options={
                'ordering': ['meeting_id', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Minutes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('circulated', 'circulated for amendments'), ('approved', 'approved')], default='draft', max_length=10)),
                ('circulated_at', models.DateTimeField(blank=True, null=True)),
                ('amendments_until', models.DateField(blank=True, null=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('language', models.CharField(default='fr', max_length=2)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('approved_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approves', to='concertation.meeting')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.document')),
                ('meeting', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='minutes', to='concertation.meeting')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='MinutesItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('is_public', models.BooleanField(default=False, verbose_name='shown in public')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='minutes_items', to='concertation.agendaitem')),
                ('minutes', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='concertation.minutes')),
            ],
            options={
                'ordering': ['minutes_id', 'item__position', 'item_id'],
            },
        ),
        migrations.CreateModel(
            name='Erratum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=5000, verbose_name='correction')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='errata', to='concertation.minutesitem')),
            ],
            options={
                'ordering': ['item_id', 'at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.TextField(max_length=10000, verbose_name='correction')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('proposed', 'to look at'), ('accepted', 'accepted'), ('declined', 'not kept')], default='proposed', max_length=10)),
                ('reply', models.TextField(blank=True, max_length=2000, verbose_name='reply')),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='amendments', to='alliances.person')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='amendments', to='concertation.minutesitem')),
            ],
            options={
                'ordering': ['item_id', 'at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='MinutesText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('text', models.TextField(blank=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former', to='concertation.minutesitem')),
            ],
            options={
                'ordering': ['item_id', '-version'],
            },
        ),
        migrations.CreateModel(
            name='NoConflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('reference', models.CharField(max_length=120)),
                ('words', models.TextField(blank=True, max_length=1000, verbose_name='why there is no conflict')),
                ('found', models.JSONField(default=list)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='no_conflicts', to='actors.actor')),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='no_conflicts', to='alliances.alliance')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='no_conflicts', to='alliances.person')),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='note', to='concertation.agendaitem')),
            ],
            options={
                'ordering': ['item_id'],
            },
        ),
        migrations.CreateModel(
            name='NoteVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('base', models.PositiveIntegerField()),
                ('from_sent', models.BooleanField(default=False)),
                ('text', models.TextField(blank=True)),
                ('result', models.TextField(blank=True, null=True)),
                ('key', models.CharField(max_length=64)),
                ('writer', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('merged', models.BooleanField(default=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='concertation.note')),
            ],
            options={
                'ordering': ['note_id', '-number'],
            },
        ),
        migrations.CreateModel(
            name='ObstacleStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='date')),
                ('tried', models.TextField(max_length=2000, verbose_name='what was tried')),
                ('outcome', models.TextField(blank=True, max_length=2000, verbose_name='what came of it')),
                ('obstacle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='concertation.obstacle')),
            ],
            options={
                'ordering': ['obstacle_id', 'on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ProposalVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.TextField(max_length=20000, verbose_name='proposal')),
                ('why', models.CharField(blank=True, max_length=500, verbose_name='what changed and why')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='concertation.decision')),
            ],
            options={
                'ordering': ['decision_id', '-number'],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('category', models.CharField(blank=True, max_length=200, verbose_name='category')),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='actors.actor')),
            ],
            options={
                'ordering': ['space_id', 'actor_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('stand', models.CharField(choices=[('agree', 'agree'), ('reservation', 'agree with reservations'), ('objection', 'reasoned objection'), ('abstain', 'abstention'), ('withdrawn', 'withdrew (conflict of interest)')], max_length=12)),
                ('why', models.TextField(blank=True, max_length=5000, verbose_name='why')),
                ('by_substitute', models.BooleanField(default=False)),
                ('source', models.CharField(choices=[('self', 'given by the member'), ('link', 'from a link in an e-mail'), ('room', 'said in the meeting'), ('phone', 'by telephone'), ('paper', 'on paper'), ('absent', 'recorded for an absent member')], default='self', max_length=10)),
                ('source_note', models.CharField(blank=True, max_length=300, verbose_name='where it comes from')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('named', models.BooleanField(default=False)),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('superseded_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='positions', to='concertation.decision')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='positions', to='alliances.person')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='concertation.proposalversion')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='concertation.seat')),
            ],
            options={
                'ordering': ['decision_id', 'given_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.TextField(max_length=5000, verbose_name='objection')),
                ('state', models.CharField(choices=[('raised', 'raised'), ('answered', 'answered'), ('lifted', 'lifted'), ('maintained', 'maintained')], default='raised', max_length=10)),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answer_kind', models.CharField(blank=True, choices=[('amendment', 'by an amendment'), ('reply', 'by a reply')], max_length=10)),
                ('answer', models.TextField(blank=True, max_length=5000, verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('settled_why', models.TextField(blank=True, max_length=2000)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='objections', to='concertation.decision')),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to='concertation.proposalversion')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='concertation.seat')),
            ],
            options={
                'ordering': ['decision_id', 'raised_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='MeetingInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('answer', models.CharField(choices=[('none', 'no answer yet'), ('yes', 'will come'), ('online', 'will come on line'), ('no', 'will not come'), ('substitute', 'sends a substitute')], default='none', max_length=10)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_via', models.CharField(blank=True, choices=[('link', 'from the mail'), ('page', 'signed in'), ('telephone', 'by telephone, recorded by the team')], max_length=10)),
                ('substitute_name', models.CharField(blank=True, max_length=200, verbose_name='who comes instead')),
                ('needs', models.CharField(blank=True, max_length=500, verbose_name='what you need to come')),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='concertation.meeting')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meeting_invitations', to='alliances.person')),
                ('substitute', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='substitutes_at', to='alliances.person')),
                ('seat', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations', to='concertation.seat')),
            ],
            options={
                'ordering': ['meeting_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='DelegateMandate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('mandate', models.TextField(blank=True, max_length=5000, verbose_name='mandate')),
                ('question', models.TextField(blank=True, max_length=2000, verbose_name='what goes back to the board')),
                ('board_on', models.DateField(blank=True, null=True, verbose_name='board’s meeting')),
                ('state', models.CharField(choices=[('given', 'mandate given'), ('asked', 'gone back to the board'), ('answered', 'answered')], default='given', max_length=10)),
                ('answer', models.TextField(blank=True, max_length=5000, verbose_name='answer')),
                ('answered_on', models.DateField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='delegate_mandates', to='concertation.decision')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='delegate_mandates', to='alliances.person')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegate_mandates', to='concertation.seat')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('seat', 'seat'), ('guest', 'guest'), ('citizens', 'citizens, without names')], max_length=10)),
                ('type', models.CharField(choices=[('community', 'community organisation'), ('institution', 'public institution'), ('municipality', 'municipality or MRC'), ('foundation', 'philanthropic foundation'), ('business', 'business'), ('social-economy', 'social economy enterprise'), ('citizens', 'citizens’ college'), ('indigenous', 'Indigenous organisation'), ('group', 'group of organisations'), ('other-level', 'other level of government'), ('unspecified', 'to be specified')], max_length=20, verbose_name='type')),
                ('people', models.PositiveSmallIntegerField(default=1)),
                ('by_substitute', models.BooleanField(default=False)),
                ('label', models.CharField(blank=True, max_length=200, verbose_name='guest')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='actors.actor')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendance', to='concertation.meeting')),
                ('seat', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='concertation.seat')),
            ],
            options={
                'ordering': ['meeting_id', 'kind', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SeatHolder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('part', models.CharField(choices=[('holder', 'holder'), ('substitute', 'substitute')], default='holder', max_length=10, verbose_name='part')),
                ('named', models.BooleanField(default=False)),
                ('named_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats_held', to='alliances.person')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holders', to='concertation.seat')),
            ],
            options={
                'ordering': ['seat_id', 'part', 'since', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Space',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('table', 'table'), ('committee', 'committee'), ('forum', 'forum'), ('assembly', 'assembly')], default='table', max_length=20, verbose_name='kind')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('short_name', models.CharField(blank=True, max_length=60, verbose_name='short name')),
                ('sort_key', models.CharField(editable=False, max_length=200)),
                ('purpose', models.TextField(blank=True, max_length=5000, verbose_name='what it is for')),
                ('external_id', models.CharField(blank=True, help_text='As the imported file names it.', max_length=80)),
                ('is_public', models.BooleanField(default=True, verbose_name='shown in public')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spaces', to='alliances.alliance')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='concertation.space')),
            ],
            options={
                'verbose_name': 'space',
                'ordering': ['sort_key', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SeatPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('college', models.CharField(choices=[('community', 'community organisation'), ('institution', 'public institution'), ('municipality', 'municipality or MRC'), ('foundation', 'philanthropic foundation'), ('business', 'business'), ('social-economy', 'social economy enterprise'), ('citizens', 'citizens’ college'), ('indigenous', 'Indigenous organisation'), ('group', 'group of organisations'), ('other-level', 'other level of government'), ('unspecified', 'to be specified')], max_length=20, verbose_name='college')),
                ('seats', models.PositiveSmallIntegerField(verbose_name='seats')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seat_plans', to='concertation.space')),
            ],
            options={
                'ordering': ['space_id', 'college', '-since', 'id'],
            },
        ),
        migrations.AddField(
            model_name='seat',
            name='space',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='concertation.space'),
        ),
        migrations.AddField(
            model_name='obstacle',
            name='space',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='obstacles', to='concertation.space'),
        ),
        migrations.AddField(
            model_name='meetingseries',
            name='space',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='series', to='concertation.space'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='space',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='concertation.space'),
        ),
        migrations.CreateModel(
            name='Facilitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facilitations', to='actors.actor')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='facilitations', to='alliances.person')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='facilitations', to='concertation.space')),
            ],
            options={
                'ordering': ['space_id', '-since', '-id'],
            },
        ),
        migrations.CreateModel(
            name='DecisionStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('scale', models.SlugField(max_length=60, verbose_name='territory scale')),
                ('part', models.CharField(choices=[('advises', 'advises'), ('decides', 'decides'), ('endorses', 'endorses'), ('funds', 'decides on money')], max_length=10, verbose_name='part in decisions')),
                ('about', models.CharField(blank=True, max_length=200, verbose_name='about what')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision_steps', to='actors.actor')),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decision_steps', to='alliances.alliance')),
                ('space', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='decision_steps', to='concertation.space')),
            ],
            options={
                'ordering': ['alliance_id', 'scale', 'part', 'id'],
            },
        ),
        migrations.AddField(
            model_name='decision',
            name='space',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='concertation.space'),
        ),
        migrations.CreateModel(
            name='ConditionOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('code', models.CharField(choices=[('peers', 'at least two peers'), ('preparation', 'preparation'), ('ally', 'an ally'), ('costs', 'costs advanced in cash'), ('debriefing', 'debriefing'), ('withdraw', 'right to withdraw')], max_length=12)),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='how')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conditions', to='concertation.space')),
            ],
            options={
                'ordering': ['space_id', 'code', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Charter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.TextField(max_length=50000, verbose_name='text')),
                ('adopted_on', models.DateField(blank=True, null=True)),
                ('language', models.CharField(default='fr', max_length=2)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='charters', to='concertation.decision')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='charters', to='concertation.space')),
            ],
            options={
                'ordering': ['space_id', '-number'],
            },
        ),
        migrations.CreateModel(
            name='SpaceFunction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('code', models.SlugField(max_length=60)),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='functions', to='concertation.space')),
            ],
            options={
                'ordering': ['space_id', 'code', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SpaceLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('part-of', 'is part of'), ('reports-to', 'reports to'), ('advises', 'advises')], max_length=12)),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links_in', to='concertation.space')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links_out', to='concertation.space')),
            ],
            options={
                'ordering': ['space_id', 'kind', 'other_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SpaceSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('scale', models.SlugField(blank=True, max_length=60, verbose_name='territory scale')),
                ('access', models.CharField(choices=[('open', 'open to all'), ('invitation', 'by invitation')], default='invitation', max_length=12, verbose_name='access')),
                ('rule', models.CharField(choices=[('consensus', 'consensus'), ('consent', 'consent'), ('majority', 'simple majority'), ('qualified', 'qualified majority')], default='consensus', max_length=12, verbose_name='decision rule')),
                ('share_percent', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(50), django.core.validators.MaxValueValidator(100)], verbose_name='qualified majority, in percent')),
                ('quorum', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='quorum, in seats')),
                ('quorum_percent', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='quorum, in percent of seats')),
                ('mandate', models.TextField(blank=True, max_length=10000, verbose_name='mandate')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='settings', to='concertation.space')),
            ],
            options={
                'ordering': ['space_id', '-since', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SpeakingTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('college', models.CharField(choices=[('community', 'community organisation'), ('institution', 'public institution'), ('municipality', 'municipality or MRC'), ('foundation', 'philanthropic foundation'), ('business', 'business'), ('social-economy', 'social economy enterprise'), ('citizens', 'citizens’ college'), ('indigenous', 'Indigenous organisation'), ('group', 'group of organisations'), ('other-level', 'other level of government'), ('unspecified', 'to be specified')], max_length=20)),
                ('seconds', models.PositiveIntegerField(default=0)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='speaking_times', to='concertation.meeting')),
            ],
            options={
                'ordering': ['meeting_id', 'college'],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('notes', models.TextField(blank=True, max_length=5000, verbose_name='notes')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due on')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='done on')),
                ('cancelled_on', models.DateField(blank=True, null=True)),
                ('outcome', models.TextField(blank=True, max_length=5000, verbose_name='what came of it')),
                ('is_public', models.BooleanField(default=False, verbose_name='shown in public')),
                ('reminded_on', models.DateField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('agenda_item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to='concertation.agendaitem')),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='concertation_tasks', to='alliances.alliance')),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='concertation.decision')),
                ('owner_actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='actors.actor')),
                ('owner_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to='alliances.person')),
                ('space', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='concertation.space')),
            ],
            options={
                'ordering': ['due_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='WantedVoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('sector', models.SlugField(blank=True, max_length=60)),
                ('type', models.CharField(blank=True, choices=[('community', 'community organisation'), ('institution', 'public institution'), ('municipality', 'municipality or MRC'), ('foundation', 'philanthropic foundation'), ('business', 'business'), ('social-economy', 'social economy enterprise'), ('citizens', 'citizens’ college'), ('indigenous', 'Indigenous organisation'), ('group', 'group of organisations'), ('other-level', 'other level of government'), ('unspecified', 'to be specified')], max_length=20)),
                ('scale', models.SlugField(blank=True, max_length=60)),
                ('number', models.PositiveSmallIntegerField(default=1, verbose_name='how many')),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='why')),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wanted_voices', to='alliances.alliance')),
            ],
            options={
                'ordering': ['alliance_id', 'sector', 'type', 'scale', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Approach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('whom', models.CharField(max_length=300, verbose_name='who is approached')),
                ('outcome', models.CharField(choices=[('waiting', 'under way'), ('joined', 'joined'), ('later', 'not now'), ('declined', 'does not wish to'), ('lost', 'not reached')], default='waiting', max_length=10)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='approaches', to='actors.actor')),
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='approach', to='concertation.task')),
                ('voice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approaches', to='concertation.wantedvoice')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='CategoryMemory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('folded', models.CharField(max_length=200)),
                ('actor_type', models.CharField(max_length=20)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='category_memories', to='alliances.alliance')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('alliance', 'folded'), name='concertation_category_memory_once')],
            },
        ),
        migrations.CreateModel(
            name='DecisionConcern',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('proposes', 'proposes it'), ('carries-out', 'will carry it out'), ('concerned', 'is concerned')], max_length=12)),
                ('interest', models.BooleanField(default=True)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='concerned_by', to='actors.actor')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='concerns', to='concertation.decision')),
            ],
            options={
                'ordering': ['decision_id', 'how', 'actor_id'],
                'constraints': [models.UniqueConstraint(fields=('decision', 'actor', 'how'), name='concertation_concern_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportMemory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64)),
                ('columns', models.JSONField(default=dict)),
                ('options', models.JSONField(default=dict)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='import_memories', to='alliances.alliance')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('alliance', 'fingerprint'), name='concertation_import_memory_once')],
            },
        ),
        migrations.AddIndex(
            model_name='importrun',
            index=models.Index(fields=['alliance', '-created_at'], name='concertation_imports'),
        ),
        migrations.AddConstraint(
            model_name='importproposal',
            constraint=models.UniqueConstraint(fields=('run', 'position'), name='concertation_proposal_once'),
        ),
        migrations.AddConstraint(
            model_name='conditionkept',
            constraint=models.UniqueConstraint(fields=('meeting', 'code'), name='concertation_condition_kept_once'),
        ),
        migrations.AddConstraint(
            model_name='meetingaccess',
            constraint=models.UniqueConstraint(fields=('meeting', 'code'), name='concertation_access_once'),
        ),
        migrations.AddConstraint(
            model_name='minutesitem',
            constraint=models.UniqueConstraint(fields=('minutes', 'item'), name='concertation_minutes_item_once'),
        ),
        migrations.AddIndex(
            model_name='noconflict',
            index=models.Index(fields=['reference'], name='concertation_no_conflicts'),
        ),
        migrations.AddConstraint(
            model_name='noteversion',
            constraint=models.UniqueConstraint(fields=('note', 'number'), name='concertation_note_version_once'),
        ),
        migrations.AddConstraint(
            model_name='noteversion',
            constraint=models.UniqueConstraint(fields=('note', 'key'), name='concertation_note_key_once'),
        ),
        migrations.AddConstraint(
            model_name='proposalversion',
            constraint=models.UniqueConstraint(fields=('decision', 'number'), name='concertation_version_once'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_at', None), models.Q(models.Q(('source', 'absent'), _negated=True), ('confirmed_at__isnull', False), _connector='OR')), fields=('decision', 'seat'), name='concertation_position_once'),
        ),
        migrations.AddIndex(
            model_name='meetinginvitation',
            index=models.Index(fields=['person'], name='concertation_invited'),
        ),
        migrations.AddConstraint(
            model_name='meetinginvitation',
            constraint=models.UniqueConstraint(fields=('meeting', 'person'), name='concertation_invited_once'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'seat')), fields=('meeting', 'seat'), name='concertation_present_once'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'citizens')), fields=('meeting', 'type'), name='concertation_citizens_once'),
        ),
        migrations.AddIndex(
            model_name='seatholder',
            index=models.Index(fields=['person'], name='concertation_holders'),
        ),
        migrations.AddConstraint(
            model_name='seatholder',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='concertation_holder_interval'),
        ),
        migrations.AddIndex(
            model_name='space',
            index=models.Index(fields=['alliance', 'sort_key', 'id'], name='concertation_spaces'),
        ),
        migrations.AddConstraint(
            model_name='space',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='concertation_space_interval'),
        ),
        migrations.AddConstraint(
            model_name='space',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='concertation_not_own_parent'),
        ),
        migrations.AddConstraint(
            model_name='seatplan',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='concertation_seat_plan_interval'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='concertation_seat_interval'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(fields=('space', 'actor', 'since'), name='concertation_seat_once'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(condition=models.Q(('since', None)), fields=('space', 'actor'), name='concertation_seat_once_without'),
        ),
        migrations.AddConstraint(
            model_name='obstacle',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='concertation_obstacle_interval'),
        ),
        migrations.AddConstraint(
            model_name='meetingseries',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='concertation_series_interval'),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(fields=['alliance', 'starts_at'], name='concertation_meetings'),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(fields=['space', 'starts_at'], name='concertation_space_meetings'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='concertation_meeting_interval'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.UniqueConstraint(fields=('series', 'series_day'), name='concertation_series_day_once'),
        ),
        migrations.AddConstraint(
            model_name='facilitation',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='concertation_facilitation_interval'),
        ),
        migrations.AddConstraint(
            model_name='decisionstep',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='concertation_step_interval'),
        ),
        migrations.AddConstraint(
            model_name='decisionstep',
            constraint=models.CheckConstraint(condition=models.Q(('space', None), ('actor', None), _connector='XOR'), name='concertation_step_space_or_actor'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['alliance', 'state', '-created_at'], name='concertation_decisions'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('number__isnull', False)), fields=('alliance', 'year', 'number'), name='concertation_number_once'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('outcome', ''), _negated=True), _connector='OR'), name='concertation_closed_has_outcome'),
        ),
        migrations.AddConstraint(
            model_name='conditionoffer',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='concertation_condition_interval'),
        ),
        migrations.AddConstraint(
            model_name='charter',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='concertation_charter_interval'),
        ),
        migrations.AddConstraint(
            model_name='charter',
            constraint=models.UniqueConstraint(fields=('space', 'number'), name='concertation_charter_once'),
        ),
        migrations.AddConstraint(
            model_name='spacefunction',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='concertation_function_interval'),
        ),
        migrations.AddConstraint(
            model_name='spacelink',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='concertation_space_link_interval'),
        ),
        migrations.AddConstraint(
            model_name='spacelink',
            constraint=models.CheckConstraint(condition=models.Q(('space', models.F('other')), _negated=True), name='concertation_link_not_itself'),
        ),
        migrations.AddConstraint(
            model_name='spacesetting',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='concertation_setting_interval'),
        ),
        migrations.AddConstraint(
            model_name='speakingtime',
            constraint=models.UniqueConstraint(fields=('meeting', 'college'), name='concertation_speaking_once'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['alliance', 'done_on', 'due_on'], name='concertation_tasks'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['owner_person', 'done_on'], name='concertation_tasks_of'),
        ),
        migrations.AddConstraint(
            model_name='wantedvoice',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='concertation_wanted_interval'),
        ),
    ]
