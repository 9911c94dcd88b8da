import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import maillage.alliances.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0002_guards'),
        ('territories', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='signed on')),
                ('envelope_cents', models.BigIntegerField(blank=True, null=True, verbose_name='envelope')),
                ('modulations', models.TextField(blank=True, max_length=5000, verbose_name='local modulations')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.document', verbose_name='document')),
            ],
        ),
        migrations.CreateModel(
            name='AgreementParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('capacity', models.CharField(blank=True, max_length=120, verbose_name='signs as')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='alliances.agreement')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Alliance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(help_text='In full: Alliance pour la solidarité de…', max_length=200, verbose_name='name')),
                ('short_name', models.CharField(help_text='As in the header: MRC de…', max_length=80, verbose_name='short name')),
                ('tagline', models.CharField(blank=True, max_length=120, verbose_name='title of the home page')),
                ('sort_key', models.CharField(db_index=True, editable=False, max_length=200)),
                ('scale', models.CharField(choices=[('regional', 'regional'), ('local', 'local')], default='local', max_length=10, verbose_name='scale')),
                ('summary', models.TextField(blank=True, max_length=2000, verbose_name='in a few words')),
                ('mandatary', models.CharField(blank=True, max_length=200, verbose_name='mandated organisation')),
                ('contact_phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('time_zone', models.CharField(default='America/Toronto', max_length=60, validators=[maillage.alliances.models.validate_time_zone], verbose_name='time zone')),
                ('offers_english', models.BooleanField(default=True, verbose_name='pages offered in English too')),
                ('is_public', models.BooleanField(default=False, verbose_name='public pages open')),
                ('fictional', models.BooleanField(default=False, editable=False)),
                ('threshold', models.PositiveSmallIntegerField(default=5, help_text='No group smaller than this is ever shown.', validators=[django.core.validators.MinValueValidator(5)], verbose_name='smallest group shown')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='alliances.alliance', verbose_name='regional alliance')),
            ],
            options={
                'verbose_name': 'alliance',
                'ordering': ['sort_key', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ActInName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('kind', models.CharField(max_length=40)),
                ('role_kind', models.CharField(max_length=20)),
                ('reference', models.CharField(blank=True, max_length=120)),
                ('label', models.CharField(max_length=300)),
                ('on_behalf', models.CharField(blank=True, max_length=300)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('audit_id', models.BigIntegerField(blank=True, null=True)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acts_in_name', to='alliances.alliance')),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='AllianceTerritory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='coverage', to='alliances.alliance')),
                ('territory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coverage', to='territories.territory')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='alliance',
            name='territories',
            field=models.ManyToManyField(related_name='alliances', through='alliances.AllianceTerritory', to='territories.territory'),
        ),
        migrations.CreateModel(
            name='Cycle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('notes', models.TextField(blank=True, max_length=5000, verbose_name='notes')),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cycles', to='alliances.alliance')),
            ],
            options={
                'ordering': ['-since', '-id'],
            },
        ),
        migrations.AddField(
            model_name='agreement',
            name='cycle',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='agreement', to='alliances.cycle'),
        ),
        migrations.CreateModel(
            name='DelegatedPower',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('role_kind', models.CharField(choices=[('agent', 'agent'), ('regional', 'regional coordinator'), ('member', 'member'), ('evaluator', 'evaluator'), ('elected', 'elected official'), ('accompanying', 'accompanying professional'), ('treasurer', 'treasurer'), ('observer', 'observer')], default='agent', max_length=20, verbose_name='given to')),
                ('title', models.CharField(max_length=200, verbose_name='power')),
                ('limits', models.TextField(blank=True, max_length=2000, verbose_name='limits')),
                ('given_by', models.CharField(max_length=200, verbose_name='given by')),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delegated_powers', to='alliances.alliance')),
            ],
            options={
                'ordering': ['role_kind', 'title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FormerSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='alliances.alliance')),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('role_kind', models.CharField(choices=[('agent', 'agent'), ('regional', 'regional coordinator'), ('member', 'member'), ('evaluator', 'evaluator'), ('elected', 'elected official'), ('accompanying', 'accompanying professional'), ('treasurer', 'treasurer'), ('observer', 'observer')], max_length=20, verbose_name='role')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('token_digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='alliances.alliance')),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='MemoryEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('on', models.DateField(verbose_name='date')),
                ('precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=5, verbose_name='precision')),
                ('kind', models.CharField(choices=[('milestone', 'milestone'), ('context', 'context'), ('election', 'election'), ('people', 'change of people'), ('law', 'law or programme')], default='milestone', max_length=20, verbose_name='kind')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('body', models.TextField(blank=True, max_length=5000, verbose_name='text')),
                ('title_en', models.CharField(blank=True, max_length=200)),
                ('body_en', models.TextField(blank=True, max_length=5000)),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                ('is_public', models.BooleanField(default=True, verbose_name='public')),
                ('is_key', models.BooleanField(default=False, verbose_name='turning point')),
                ('language', models.CharField(choices=[('fr', 'Français'), ('en', 'English')], default='fr', max_length=2)),
                ('alliance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='memory', to='alliances.alliance')),
            ],
            options={
                'ordering': ['-on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('sort_key', models.CharField(db_index=True, editable=False, max_length=200)),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('language', models.CharField(choices=[('fr', 'Français'), ('en', 'English')], default='fr', max_length=2, verbose_name='language')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('erased_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='alliances.alliance')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='persons', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ['sort_key', 'id'],
            },
        ),
        migrations.CreateModel(
            name='NoticeChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('when', models.CharField(choices=[('at-once', 'at once'), ('weekly', 'once a week'), ('never', 'never')], max_length=10)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notice_choices', to='alliances.person')),
            ],
            options={
                'ordering': ['person_id', 'kind'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=300)),
                ('body', models.TextField(blank=True, max_length=5000)),
                ('url', models.CharField(blank=True, max_length=300)),
                ('reference', models.CharField(blank=True, max_length=120)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='alliances.person')),
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('reason', models.TextField(max_length=5000, verbose_name='reason')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('open', 'waiting for the coordination'), ('upheld', 'the act stands'), ('corrected', 'corrected')], default='open', max_length=10)),
                ('answer', models.TextField(blank=True, max_length=5000, verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='alliances.actinname')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='appeals', to='alliances.person')),
            ],
            options={
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PersonLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=40)),
                ('reference', models.CharField(blank=True, max_length=120)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='alliances.person')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('agent', 'agent'), ('regional', 'regional coordinator'), ('member', 'member'), ('evaluator', 'evaluator'), ('elected', 'elected official'), ('accompanying', 'accompanying professional'), ('treasurer', 'treasurer'), ('observer', 'observer')], max_length=20, verbose_name='role')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='alliances.person')),
            ],
            options={
                'ordering': ['kind', 'since', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Stage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('portrait', 'portrait and diagnosis'), ('plan', 'shared vision and action plan'), ('planning', 'planning of operations and governance'), ('implementation', 'implementation'), ('evaluation', 'follow-up, evaluation and feedback'), ('other', 'other stage')], max_length=20, verbose_name='kind')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('state', models.CharField(choices=[('planned', 'to come'), ('active', 'under way'), ('done', 'done')], default='planned', max_length=10, verbose_name='state')),
                ('summary', models.TextField(blank=True, max_length=2000, verbose_name='where it stands')),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stages', to='alliances.cycle')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Deliverable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due on')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='done on')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliverables', to='alliances.stage')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(max_length=40)),
                ('code', models.SlugField(max_length=60)),
                ('fr', models.CharField(max_length=200)),
                ('en', models.CharField(blank=True, max_length=200)),
                ('counts_as', models.CharField(blank=True, max_length=60)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('alliance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='alliances.alliance')),
            ],
            options={
                'ordering': ['scheme', 'position', 'code', 'id'],
            },
        ),
        migrations.AddIndex(
            model_name='actinname',
            index=models.Index(fields=['alliance', '-at', '-id'], name='alliances_acts'),
        ),
        migrations.AddConstraint(
            model_name='allianceterritory',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='alliances_territory_interval'),
        ),
        migrations.AddConstraint(
            model_name='allianceterritory',
            constraint=models.UniqueConstraint(fields=('alliance', 'territory', 'since'), name='alliances_territory_once'),
        ),
        migrations.AddConstraint(
            model_name='allianceterritory',
            constraint=models.UniqueConstraint(condition=models.Q(('since', None)), fields=('alliance', 'territory'), name='alliances_territory_once_without'),
        ),
        migrations.AddConstraint(
            model_name='alliance',
            constraint=models.CheckConstraint(condition=models.Q(('threshold__gte', 5)), name='alliances_threshold_at_least_5'),
        ),
        migrations.AddConstraint(
            model_name='alliance',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='alliances_not_own_parent'),
        ),
        migrations.AddConstraint(
            model_name='cycle',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='alliances_cycle_interval'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='alliances_agreement_interval'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('envelope_cents', None), ('envelope_cents__gte', 0), _connector='OR'), name='alliances_envelope_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='delegatedpower',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='alliances_delegated_power_interval'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('alliance', 'user'), name='alliances_person_user_once'),
        ),
        migrations.AddConstraint(
            model_name='noticechoice',
            constraint=models.UniqueConstraint(fields=('person', 'kind'), name='alliances_notice_choice_once'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['sent_at', 'person'], name='alliances_notices_waiting'),
        ),
        migrations.AddIndex(
            model_name='personlink',
            index=models.Index(fields=['person', 'purpose', 'reference'], name='alliances_links'),
        ),
        migrations.AddIndex(
            model_name='role',
            index=models.Index(fields=['person', 'kind'], name='alliances_role_person_kind'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='alliances_role_interval'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='alliances_stage_interval'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.UniqueConstraint(fields=('scheme', 'code', 'alliance'), name='alliances_term_once'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.UniqueConstraint(condition=models.Q(('alliance', None)), fields=('scheme', 'code'), name='alliances_term_once_without'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.CheckConstraint(condition=models.Q(('alliance', None), models.Q(('counts_as', ''), _negated=True), _connector='OR'), name='alliances_local_term_counts_as'),
        ),
    ]
