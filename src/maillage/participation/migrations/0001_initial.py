import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import maillage.participation.consultations.models
import maillage.participation.reading
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('actors', '0002_initial'),
        ('alliances', '0001_initial'),
        ('concertation', '0001_initial'),
        ('core', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NamedProblem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('label', models.CharField(max_length=200, verbose_name='problem')),
                ('text', models.TextField(blank=True, max_length=1000, verbose_name='in plain words')),
            ],
            options={
                'ordering': ['step_id', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('intro', models.TextField(blank=True, max_length=2000, verbose_name='introduction')),
                ('optional', models.BooleanField(default=False, verbose_name='may be passed over')),
            ],
            options={
                'ordering': ['step_id', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='where it goes')),
                ('printed', models.PositiveSmallIntegerField(verbose_name='sheets printed')),
                ('handed_out', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='sheets handed out')),
                ('returned', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='sheets returned')),
                ('state', models.CharField(choices=[('printed', 'printed'), ('out', 'handed out'), ('keying', 'being keyed in'), ('compared', 'keyed twice, to be agreed'), ('accepted', 'counted'), ('voided', 'voided')], default='printed', max_length=10)),
                ('exchanged', models.PositiveSmallIntegerField(default=0)),
                ('just_given', models.CharField(blank=True, max_length=200)),
                ('difference_why', models.CharField(blank=True, max_length=500, verbose_name='why the counts differ')),
                ('untied_why', models.CharField(blank=True, max_length=500, verbose_name='why sheets given without a code are counted')),
                ('untied_at', models.DateTimeField(blank=True, null=True)),
                ('counted', models.PositiveSmallIntegerField(default=0)),
                ('spoilt', models.PositiveSmallIntegerField(default=0)),
                ('void_why', models.CharField(blank=True, max_length=500, verbose_name='why it is voided')),
                ('voided_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('untied_asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('untied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('void_asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('voided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['step_id', 'number', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('short', models.CharField(default=maillage.participation.consultations.models.short_name, editable=False, max_length=12, unique=True)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('sort_key', models.CharField(editable=False, max_length=200)),
                ('intro', models.TextField(blank=True, max_length=2000, verbose_name='what it is about, in plain words')),
                ('purpose', models.TextField(blank=True, max_length=2000, verbose_name='what it is for')),
                ('evaluates', models.TextField(blank=True, max_length=500, verbose_name='the action that people look back on')),
                ('about', models.CharField(blank=True, max_length=120, verbose_name='what is held here that people look back on')),
                ('concerns', models.CharField(blank=True, max_length=300, verbose_name='whom this action concerns')),
                ('decided_by', models.CharField(blank=True, max_length=200, verbose_name='who decides with it, in words')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='when it is decided')),
                ('promise', models.TextField(blank=True, max_length=2000, verbose_name='what is promised to those who answer')),
                ('is_vote', models.BooleanField(default=False, verbose_name='what it says is decided: people vote')),
                ('access', models.CharField(choices=[('open', 'open link'), ('postal', 'postal code of the territory'), ('codes', 'personal codes, without names'), ('list', 'a list of members'), ('site', 'on site only')], default='open', max_length=8, verbose_name='who may answer')),
                ('postal_codes', models.CharField(blank=True, max_length=1000, verbose_name='postal codes accepted, or their beginnings')),
                ('other_ways', models.TextField(blank=True, max_length=1000, verbose_name='how to answer on paper or by telephone')),
                ('changeable', models.BooleanField(default=False, verbose_name='a ballot may be changed with its receipt until the closing')),
                ('one_page', models.BooleanField(default=True, verbose_name='everything on one page')),
                ('policy', models.TextField(blank=True, max_length=5000, verbose_name='rules of moderation, published')),
                ('moderation', models.CharField(choices=[('before', 'read by two people before they are shown'), ('after', 'shown at once, read by two people afterwards')], default='before', max_length=8, verbose_name='what participants add is')),
                ('kiosk_grace', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(4320)], verbose_name='minutes left to kiosks to send what they hold, after the closing')),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='how many people it concerns')),
                ('population_source', models.CharField(blank=True, max_length=200, verbose_name='source of that number')),
                ('threshold', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(5)], verbose_name='smallest group shown')),
                ('language', models.CharField(default='fr', max_length=8)),
                ('state', models.CharField(choices=[('draft', 'in preparation'), ('open', 'open'), ('closed', 'closed'), ('published', 'results published'), ('cancelled', 'cancelled')], default='draft', max_length=10)),
                ('opens_at', models.DateTimeField(blank=True, null=True, verbose_name='opens')),
                ('closes_at', models.DateTimeField(blank=True, null=True, verbose_name='closes')),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_why', models.CharField(blank=True, max_length=500, verbose_name='why it closes before its time')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_why', models.CharField(blank=True, max_length=500, verbose_name='why it is cancelled')),
                ('reminded_on', models.DateField(blank=True, null=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('feedback', models.TextField(blank=True, max_length=10000, verbose_name='what was done with it')),
                ('feedback_on', models.DateField(blank=True, null=True)),
                ('imported_from', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consultations', to='alliances.alliance')),
                ('cancel_asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cancelled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('publish_asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('space', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='concertation.space', verbose_name='who decides with it')),
                ('stage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='consultations', to='alliances.stage', verbose_name='stage')),
            ],
            options={
                'verbose_name': 'consultation',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='AboutQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('kind', models.CharField(choices=[('gender', 'gender'), ('age', 'age'), ('situation', 'living situation'), ('disability', 'disability'), ('since', 'time in Quebec'), ('indigenous', 'Indigenous identity'), ('lgbtq', 'LGBTQ+'), ('place', 'neighbourhood or municipality')], max_length=12, verbose_name='question')),
                ('purpose', models.CharField(max_length=300, verbose_name='what the answer is for')),
                ('choices', models.JSONField(blank=True, default=list)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='about_questions', to='participation.consultation')),
            ],
            options={
                'ordering': ['consultation_id', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ConsultationLanguage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, verbose_name='code')),
                ('name', models.CharField(max_length=60, verbose_name='name, in that language')),
                ('right_to_left', models.BooleanField(default=False, verbose_name='written from right to left')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='languages', to='participation.consultation')),
            ],
            options={
                'ordering': ['consultation_id', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Elector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(max_length=64)),
                ('number', models.PositiveIntegerField(blank=True, null=True)),
                ('sent_on', models.DateField(blank=True, null=True)),
                ('label', models.CharField(blank=True, max_length=80)),
                ('voided_at', models.DateTimeField(blank=True, null=True)),
                ('voided_why', models.CharField(blank=True, max_length=300, verbose_name='why')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='electors', to='participation.consultation')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='electorates', to='alliances.person')),
            ],
            options={
                'ordering': ['consultation_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CodeVoid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(max_length=300, verbose_name='why')),
                ('replaced', models.BooleanField(default=True, verbose_name='give another code')),
                ('asked_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='code_voids', to='participation.consultation')),
                ('elector', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='void', to='participation.elector')),
            ],
            options={
                'ordering': ['consultation_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FeedbackLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(blank=True, max_length=120)),
                ('label', models.CharField(blank=True, max_length=300, verbose_name='in a few words')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback_links', to='participation.consultation')),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='concertation.decision')),
            ],
            options={
                'ordering': ['consultation_id', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FollowAddress',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('language', models.CharField(default='fr', max_length=8)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_addresses', to='participation.consultation')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Helper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('help', models.CharField(choices=[('kiosk', 'stand beside a kiosk, or fill in by telephone'), ('paper', 'give and key in paper ballots'), ('moderate', 'moderate statements and ideas'), ('code', 'take down and code testimonies')], max_length=10, verbose_name='does what')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='helpers', to='participation.consultation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consultations_helped', to='alliances.person')),
            ],
            options={
                'ordering': ['consultation_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Idea',
            fields=[
                ('checked', models.BooleanField(default=False)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('pending', 'to be read'), ('shown', 'shown'), ('refused', 'refused'), ('merged', 'merged into another'), ('taken-back', 'taken back by its author')], default='pending', max_length=10)),
                ('reason', models.CharField(blank=True, choices=[('subject', 'about something else'), ('same', 'says the same as another one'), ('unclear', 'one cannot tell what is proposed'), ('person', 'speaks of a person who can be recognised'), ('hate', 'insults, hatred or threats'), ('noise', 'advertising, or signs without meaning'), ('author', 'taken away at its author’s request')], max_length=8, verbose_name='reason')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='in a few words, for its author and the second person')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='idea, in a few words')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='how it would work')),
                ('folded', models.TextField(blank=True, editable=False)),
                ('digest', maillage.participation.reading.DigestField(of=('title', 'text'))),
                ('language', models.CharField(default='fr', max_length=8)),
                ('came', models.CharField(choices=[('online', 'on line'), ('workshop', 'a workshop or a meeting'), ('paper', 'on paper')], default='online', max_length=8, verbose_name='where it comes from')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='where and when it was said')),
                ('mark', models.CharField(blank=True, max_length=64)),
                ('accept_asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='participation.idea')),
                ('refuse_asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('refused_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('problem', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ideas', to='participation.namedproblem', verbose_name='problem it answers')),
            ],
            options={
                'ordering': ['step_id', 'number', 'id'],
            },
        ),
        migrations.CreateModel(
            name='IdeaComment',
            fields=[
                ('checked', models.BooleanField(default=False)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('pending', 'to be read'), ('shown', 'shown'), ('refused', 'refused'), ('merged', 'merged into another'), ('taken-back', 'taken back by its author')], default='pending', max_length=10)),
                ('reason', models.CharField(blank=True, choices=[('subject', 'about something else'), ('same', 'says the same as another one'), ('unclear', 'one cannot tell what is proposed'), ('person', 'speaks of a person who can be recognised'), ('hate', 'insults, hatred or threats'), ('noise', 'advertising, or signs without meaning'), ('author', 'taken away at its author’s request')], max_length=8, verbose_name='reason')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='in a few words, for its author and the second person')),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField(max_length=1000, verbose_name='comment')),
                ('digest', maillage.participation.reading.DigestField(of=('text',))),
                ('language', models.CharField(default='fr', max_length=8)),
                ('accept_asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='participation.idea')),
                ('refuse_asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('refused_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['idea_id', 'number'],
            },
        ),
        migrations.CreateModel(
            name='KeyedRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('finished', models.BooleanField(default=False)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rounds', to='participation.batch')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['batch_id', 'round'],
            },
        ),
        migrations.CreateModel(
            name='KeyedSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('line', models.PositiveSmallIntegerField()),
                ('typed', models.CharField(blank=True, max_length=600)),
                ('content', models.TextField(blank=True)),
                ('doubtful', models.BooleanField(default=False, verbose_name='doubtful')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='what is doubtful')),
                ('spoilt', models.BooleanField(default=False, verbose_name='cannot be counted')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheets', to='participation.batch')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['batch_id', 'round', 'line'],
            },
        ),
        migrations.CreateModel(
            name='MergeProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=200, verbose_name='idea, in a few words')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='how it would work')),
                ('answers_until', models.DateField(verbose_name='answers until')),
                ('state', models.CharField(choices=[('asked', 'proposed to the authors'), ('done', 'done'), ('dropped', 'dropped')], default='asked', max_length=8)),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('result', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='made_by', to='participation.idea')),
                ('problem', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='participation.namedproblem')),
            ],
            options={
                'ordering': ['step_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='MergeAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agreed', models.BooleanField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='how the author answered')),
                ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merge_answers', to='participation.idea')),
                ('noted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='participation.mergeproposal')),
            ],
            options={
                'ordering': ['merge_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Outreach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('who', models.CharField(max_length=200, verbose_name='people to reach')),
                ('obstacle', models.CharField(blank=True, max_length=300, verbose_name='what keeps them away')),
                ('relay_words', models.CharField(blank=True, max_length=200, verbose_name='relay, in words')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='where')),
                ('on', models.DateField(blank=True, null=True, verbose_name='when')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('means', models.CharField(blank=True, max_length=300, verbose_name='how')),
                ('offered', models.CharField(blank=True, max_length=300, verbose_name='offered: transport, childcare, meal, compensation…')),
                ('aimed', models.PositiveIntegerField(blank=True, null=True, verbose_name='people aimed at')),
                ('reached', models.PositiveIntegerField(blank=True, null=True, verbose_name='people reached')),
                ('outcome', models.TextField(blank=True, max_length=2000, verbose_name='what came of it')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='done on')),
                ('cancelled_on', models.DateField(blank=True, null=True, verbose_name='cancelled on')),
                ('cancelled_why', models.CharField(blank=True, max_length=500, verbose_name='why it did not take place')),
                ('is_public', models.BooleanField(default=True, verbose_name='told in public')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outreach', to='participation.consultation')),
                ('relay', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outreach', to='actors.actor', verbose_name='trusted relay')),
            ],
            options={
                'ordering': ['consultation_id', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('kind', models.CharField(choices=[('one', 'one choice'), ('several', 'several choices'), ('grade', 'a grade'), ('number', 'a number'), ('text', 'a text')], max_length=8, verbose_name='answered by')),
                ('label', models.CharField(max_length=300, verbose_name='question')),
                ('help', models.CharField(blank=True, max_length=500, verbose_name='help')),
                ('required', models.BooleanField(default=False, verbose_name='must be answered')),
                ('choices', models.JSONField(blank=True, default=list)),
                ('least', models.IntegerField(blank=True, null=True, verbose_name='smallest number')),
                ('most', models.IntegerField(blank=True, null=True, verbose_name='largest number')),
                ('depends_in', models.JSONField(blank=True, default=list)),
                ('depends_on', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dependents', to='participation.question')),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='participation.section')),
            ],
            options={
                'ordering': ['section_id', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Excerpt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.CharField(max_length=500, verbose_name='passage')),
                ('agreed', models.BooleanField(default=False)),
                ('agreed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('chosen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='excerpts', to='participation.question')),
            ],
            options={
                'ordering': ['question_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Erratum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.CharField(blank=True, max_length=8)),
                ('before', models.CharField(blank=True, max_length=500)),
                ('after', models.CharField(blank=True, max_length=500)),
                ('why', models.CharField(max_length=300, verbose_name='why')),
                ('at', models.DateTimeField()),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='errata', to='participation.question')),
            ],
            options={
                'ordering': ['question_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SheetRuling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveSmallIntegerField()),
                ('typed', models.CharField(blank=True, max_length=600)),
                ('content', models.TextField(blank=True)),
                ('spoilt', models.BooleanField(default=False)),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='why')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rulings', to='participation.batch')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['batch_id', 'line'],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('kind', models.CharField(choices=[('priorities', 'priorities'), ('opinions', 'opinions'), ('testimonies', 'testimonies'), ('questionnaire', 'questionnaire'), ('ideas', 'search for solutions')], max_length=14, verbose_name='kind')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('intro', models.TextField(blank=True, max_length=2000, verbose_name='what is asked, in plain words')),
                ('method', models.CharField(blank=True, choices=[('grades', 'grades'), ('approval', 'approval'), ('score', 'score'), ('ranking', 'ranking'), ('budget', 'participatory budget')], max_length=10, verbose_name='ballot')),
                ('counting', models.CharField(blank=True, choices=[('judgment', 'majority judgment'), ('approval', 'number of approvals'), ('mean', 'mean of the scores'), ('sum', 'sum of the scores'), ('schulze', 'Schulze'), ('ranked-pairs', 'ranked pairs'), ('borda', 'Borda'), ('runoff', 'instant runoff'), ('equal-shares', 'equal shares, completed by Add1'), ('greedy', 'most votes first'), ('phragmen', 'Phragmén')], max_length=14, verbose_name='rule of counting')),
                ('ties', models.CharField(blank=True, default='cost', max_length=8, verbose_name='equal options are told apart by')),
                ('seed', models.CharField(blank=True, default='0', max_length=40)),
                ('envelope_cents', models.BigIntegerField(blank=True, null=True, verbose_name='envelope')),
                ('most_choices', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='choices at most')),
                ('score_most', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='highest score')),
                ('opens_at', models.DateTimeField(blank=True, null=True, verbose_name='opens')),
                ('closes_at', models.DateTimeField(blank=True, null=True, verbose_name='closes')),
                ('state', models.CharField(choices=[('waiting', 'to come'), ('open', 'open'), ('closed', 'closed')], default='waiting', max_length=8)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('after', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='next', to='participation.step')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='participation.consultation')),
            ],
            options={
                'ordering': ['consultation_id', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='in a few words, for the second person')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveIntegerField()),
                ('text', models.CharField(max_length=280, verbose_name='statement')),
                ('language', models.CharField(default='fr', max_length=8)),
                ('added_by_participant', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('pending', 'to be read'), ('shown', 'shown'), ('refused', 'refused')], default='pending', max_length=8)),
                ('checked', models.BooleanField(default=True)),
                ('reason', models.CharField(blank=True, choices=[('subject', 'about something else'), ('same', 'says the same as another statement'), ('several', 'several ideas in one'), ('unclear', 'one cannot tell what agreeing would mean'), ('person', 'speaks of a person who can be recognised'), ('hate', 'insults, hatred or threats'), ('noise', 'advertising, or signs without meaning'), ('before', 'refused where the conversation was held')], max_length=8, verbose_name='reason')),
                ('digest', maillage.participation.reading.DigestField(of=('text',))),
                ('accept_asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('refuse_asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('refused_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statements', to='participation.step')),
            ],
            options={
                'ordering': ['step_id', 'number', 'id'],
            },
        ),
        migrations.AddField(
            model_name='section',
            name='step',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='participation.step'),
        ),
        migrations.CreateModel(
            name='Result',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'being counted'), ('ready', 'counted'), ('failed', 'could not be counted')], default='waiting', max_length=8)),
                ('ballots', models.PositiveIntegerField(default=0)),
                ('data', models.JSONField(default=dict)),
                ('who', models.JSONField(default=dict)),
                ('withheld', models.BooleanField(default=False)),
                ('computed_at', models.DateTimeField(blank=True, null=True)),
                ('command', models.CharField(blank=True, max_length=500)),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.document')),
                ('receipts_file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.document')),
                ('step', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='result', to='participation.step')),
            ],
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('mark', models.CharField(max_length=64)),
                ('tag', models.CharField(blank=True, max_length=32)),
                ('step', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='participation.step')),
            ],
            options={
                'ordering': ['mark'],
            },
        ),
        migrations.CreateModel(
            name='Option',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('label', models.CharField(max_length=200, verbose_name='name')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='in plain words')),
                ('cost_cents', models.BigIntegerField(blank=True, null=True, verbose_name='cost')),
                ('picture_alt', models.CharField(blank=True, max_length=300, verbose_name='what the picture shows')),
                ('source', models.CharField(blank=True, max_length=120)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_why', models.CharField(blank=True, max_length=500, verbose_name='why it is withdrawn')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.document')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='options', to='participation.step')),
            ],
            options={
                'ordering': ['step_id', 'number', 'id'],
            },
        ),
        migrations.CreateModel(
            name='OpinionReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.JSONField(default=dict)),
                ('participants', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('step', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='opinion_reading', to='participation.step')),
            ],
        ),
        migrations.AddField(
            model_name='namedproblem',
            name='step',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='problems', to='participation.step'),
        ),
        migrations.AddField(
            model_name='mergeproposal',
            name='step',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges', to='participation.step'),
        ),
        migrations.AddField(
            model_name='idea',
            name='step',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ideas', to='participation.step'),
        ),
        migrations.CreateModel(
            name='Envelope',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('seal', models.BinaryField()),
                ('mark', models.CharField(blank=True, max_length=64)),
                ('step', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='participation.step')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='BookCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('problem', 'problem'), ('field', 'field'), ('group', 'group')], max_length=8, verbose_name='kind')),
                ('label', models.CharField(max_length=120, verbose_name='name')),
                ('definition', models.CharField(blank=True, max_length=500, verbose_name='when it applies')),
                ('term', models.CharField(blank=True, max_length=60)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='book', to='participation.step')),
            ],
            options={
                'ordering': ['step_id', 'kind', 'position', 'id'],
            },
        ),
        migrations.AddField(
            model_name='batch',
            name='step',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='participation.step'),
        ),
        migrations.CreateModel(
            name='Ballot',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('content', models.TextField()),
                ('about', models.TextField(blank=True)),
                ('channel', models.CharField(choices=[('online', 'on line'), ('kiosk', 'kiosk'), ('helped', 'with a helper, by telephone or beside the person'), ('paper', 'paper'), ('file', 'file of a vote held elsewhere')], default='online', max_length=8)),
                ('batch', models.UUIDField(blank=True, null=True)),
                ('step', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='participation.step')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('withdraw', 'Withdraw an option'), ('close', 'Close before its time'), ('extend', 'Put the closing later'), ('codes', 'Print more codes'), ('list', 'Add people to the list'), ('words', 'Write texts in another language'), ('question', 'Put a wording right'), ('ideas', 'Have people choose among ideas')], max_length=10)),
                ('subject', models.CharField(blank=True, max_length=80)),
                ('given', models.JSONField(blank=True, default=dict)),
                ('why', models.CharField(max_length=500, verbose_name='why')),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'waits for a second person'), ('agreed', 'confirmed, still to be done'), ('done', 'confirmed, and done'), ('dropped', 'not confirmed'), ('lapsed', 'fallen: it closed before a second person confirmed')], default='waiting', max_length=8)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked', to='participation.consultation')),
                ('step', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='asked', to='participation.step')),
            ],
            options={
                'ordering': ['consultation_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Testimony',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField(blank=True, max_length=20000, verbose_name='testimony')),
                ('language', models.CharField(default='fr', max_length=8)),
                ('may_read', models.BooleanField(default=False, verbose_name='the alliance may read it to understand the situation')),
                ('may_quote', models.BooleanField(default=False, verbose_name='passages may be quoted in public')),
                ('signed_as', models.CharField(blank=True, max_length=80, verbose_name='quoted as')),
                ('taken_down', models.BooleanField(default=False, verbose_name='taken down by a helper')),
                ('read_back', models.BooleanField(default=False, verbose_name='read back to the person, who agreed')),
                ('mark', models.CharField(blank=True, max_length=64)),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='testimonies', to='participation.step')),
                ('voice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.document')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Settled',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agreed', models.BooleanField(default=False)),
                ('agreed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('codes', models.ManyToManyField(blank=True, related_name='+', to='participation.bookcode')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('testimony', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='settled', to='participation.testimony')),
            ],
            options={
                'ordering': ['testimony_id'],
            },
        ),
        migrations.CreateModel(
            name='Quote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.TextField(max_length=2000, verbose_name='passage')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('agreed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('chosen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('testimony', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quotes', to='participation.testimony')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CodingRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('codes', models.ManyToManyField(blank=True, related_name='codings', to='participation.bookcode')),
                ('testimony', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codings', to='participation.testimony')),
            ],
            options={
                'ordering': ['testimony_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Turnout',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('elector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turnouts', to='participation.elector')),
                ('step', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='participation.step')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='UrnKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('salt', models.BinaryField()),
                ('check_value', models.CharField(blank=True, max_length=32)),
                ('receipts_key', models.CharField(blank=True, max_length=64)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('unreadable', models.PositiveIntegerField(default=0)),
                ('destroyed_at', models.DateTimeField(blank=True, null=True)),
                ('anew_at', models.DateTimeField(blank=True, null=True)),
                ('cleaned_at', models.DateTimeField(blank=True, null=True)),
                ('step', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='urn_key', to='participation.step')),
            ],
        ),
        migrations.CreateModel(
            name='Withdrawn',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('mark', models.CharField(max_length=64)),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='participation.step')),
            ],
            options={
                'ordering': ['step_id', 'mark'],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=8)),
                ('key', models.CharField(max_length=120)),
                ('text', models.TextField(max_length=5000)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wordings', to='participation.consultation')),
            ],
            options={
                'ordering': ['consultation_id', 'language', 'key'],
            },
        ),
        migrations.AddIndex(
            model_name='consultation',
            index=models.Index(fields=['alliance', 'state', '-created_at'], name='participation_list'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(('opens_at', None), ('closes_at', None), ('opens_at__lt', models.F('closes_at')), _connector='OR'), name='participation_opens_before_closing'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(('threshold__gte', 5)), name='participation_threshold_at_least_5'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), _negated=True), models.Q(('cancelled_why', ''), _negated=True), _connector='OR'), name='participation_cancelled_says_why'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(('published_by', None), models.Q(('published_by', models.F('publish_asked_by')), _negated=True), _connector='OR'), name='participation_published_by_two'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_by', None), models.Q(('cancelled_by', models.F('cancel_asked_by')), _negated=True), _connector='OR'), name='participation_cancelled_by_two'),
        ),
        migrations.AddConstraint(
            model_name='aboutquestion',
            constraint=models.UniqueConstraint(fields=('consultation', 'kind'), name='participation_about_once'),
        ),
        migrations.AddConstraint(
            model_name='consultationlanguage',
            constraint=models.UniqueConstraint(fields=('consultation', 'code'), name='participation_language_once'),
        ),
        migrations.AddConstraint(
            model_name='elector',
            constraint=models.UniqueConstraint(fields=('consultation', 'mark'), name='participation_code_once'),
        ),
        migrations.AddConstraint(
            model_name='elector',
            constraint=models.UniqueConstraint(fields=('consultation', 'number'), name='participation_code_number_once'),
        ),
        migrations.AddConstraint(
            model_name='elector',
            constraint=models.UniqueConstraint(condition=models.Q(('person__isnull', False), ('voided_at__isnull', True)), fields=('consultation', 'person'), name='participation_elector_once'),
        ),
        migrations.AddConstraint(
            model_name='codevoid',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='participation_void_by_two'),
        ),
        migrations.AddConstraint(
            model_name='feedbacklink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision', None), _negated=True), models.Q(('reference', ''), _negated=True), models.Q(('label', ''), _negated=True), _connector='OR'), name='participation_feedback_says_something'),
        ),
        migrations.AddConstraint(
            model_name='followaddress',
            constraint=models.UniqueConstraint(fields=('consultation', 'email'), name='participation_follow_once'),
        ),
        migrations.AddConstraint(
            model_name='helper',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='participation_helper_interval'),
        ),
        migrations.AddConstraint(
            model_name='helper',
            constraint=models.UniqueConstraint(fields=('consultation', 'person', 'help', 'since'), name='participation_helper_once'),
        ),
        migrations.AddConstraint(
            model_name='helper',
            constraint=models.UniqueConstraint(condition=models.Q(('since', None)), fields=('consultation', 'person', 'help'), name='participation_helper_once_without'),
        ),
        migrations.AddIndex(
            model_name='ideacomment',
            index=models.Index(fields=['idea', 'digest'], name='participation_comment_same'),
        ),
        migrations.AddIndex(
            model_name='ideacomment',
            index=models.Index(condition=models.Q(('checked', False)), fields=['idea', 'state'], name='participation_comment_wait'),
        ),
        migrations.AddConstraint(
            model_name='ideacomment',
            constraint=models.UniqueConstraint(fields=('idea', 'number'), name='participation_comment_number_once'),
        ),
        migrations.AddConstraint(
            model_name='ideacomment',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_by', None), models.Q(('accepted_by', models.F('accept_asked_by')), _negated=True), _connector='OR'), name='participation_comment_accepted_by_two'),
        ),
        migrations.AddConstraint(
            model_name='ideacomment',
            constraint=models.CheckConstraint(condition=models.Q(('refused_by', None), models.Q(('refused_by', models.F('refuse_asked_by')), _negated=True), _connector='OR'), name='participation_comment_refused_by_two'),
        ),
        migrations.AddConstraint(
            model_name='ideacomment',
            constraint=models.CheckConstraint(condition=models.Q(('accept_asked_by', None), ('refuse_asked_by', None), _connector='OR'), name='participation_comment_one_verdict'),
        ),
        migrations.AddConstraint(
            model_name='ideacomment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='participation_comment_refusal_says_why'),
        ),
        migrations.AddConstraint(
            model_name='keyedround',
            constraint=models.UniqueConstraint(fields=('batch', 'round'), name='participation_round_once'),
        ),
        migrations.AddConstraint(
            model_name='keyedround',
            constraint=models.UniqueConstraint(fields=('batch', 'by'), name='participation_keyed_by_two'),
        ),
        migrations.AddConstraint(
            model_name='keyedround',
            constraint=models.CheckConstraint(condition=models.Q(('round__in', [1, 2])), name='participation_round_1_or_2'),
        ),
        migrations.AddConstraint(
            model_name='keyedsheet',
            constraint=models.UniqueConstraint(fields=('batch', 'round', 'line'), name='participation_sheet_once'),
        ),
        migrations.AddConstraint(
            model_name='keyedsheet',
            constraint=models.UniqueConstraint(fields=('batch', 'by', 'line'), name='participation_sheet_by_two'),
        ),
        migrations.AddConstraint(
            model_name='keyedsheet',
            constraint=models.CheckConstraint(condition=models.Q(('round__in', [1, 2])), name='participation_two_rounds'),
        ),
        migrations.AddConstraint(
            model_name='mergeanswer',
            constraint=models.UniqueConstraint(fields=('merge', 'idea'), name='participation_merge_answer_once'),
        ),
        migrations.AddConstraint(
            model_name='outreach',
            constraint=models.CheckConstraint(condition=models.Q(('on', None), ('until', None), ('on__lte', models.F('until')), _connector='OR'), name='participation_outreach_begins_first'),
        ),
        migrations.AddConstraint(
            model_name='outreach',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('on__isnull', False), _connector='OR'), name='participation_outreach_begins_to_end'),
        ),
        migrations.AddConstraint(
            model_name='outreach',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_on', None), models.Q(models.Q(('cancelled_why', ''), _negated=True), ('done_on', None), ('reached', None)), _connector='OR'), name='participation_outreach_cancelled_says_why'),
        ),
        migrations.AddConstraint(
            model_name='outreach',
            constraint=models.CheckConstraint(condition=models.Q(('done_on__isnull', False), models.Q(('outcome', ''), ('reached', None)), _connector='OR'), name='participation_outreach_outcome_has_a_day'),
        ),
        migrations.AddConstraint(
            model_name='excerpt',
            constraint=models.UniqueConstraint(fields=('question', 'text'), name='participation_excerpt_once'),
        ),
        migrations.AddConstraint(
            model_name='excerpt',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_by', None), models.Q(('agreed_by', models.F('chosen_by')), _negated=True), _connector='OR'), name='participation_excerpt_by_two'),
        ),
        migrations.AddConstraint(
            model_name='sheetruling',
            constraint=models.UniqueConstraint(fields=('batch', 'line'), name='participation_ruling_once'),
        ),
        migrations.AddConstraint(
            model_name='sheetruling',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='participation_ruled_by_two'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('opens_at', None), ('closes_at', None), ('opens_at__lt', models.F('closes_at')), _connector='OR'), name='participation_step_opens_first'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('envelope_cents', None), ('envelope_cents__gt', 0), _connector='OR'), name='participation_envelope_positive'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'priorities'), _negated=True), models.Q(models.Q(('method', ''), _negated=True), models.Q(('counting', ''), _negated=True)), _connector='OR'), name='participation_priorities_have_a_method'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['step', 'digest'], name='participation_statement_same'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(condition=models.Q(('checked', False)), fields=['step', 'state'], name='participation_statement_wait'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(fields=('step', 'number'), name='participation_statement_number_once'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_by', None), models.Q(('accepted_by', models.F('accept_asked_by')), _negated=True), _connector='OR'), name='participation_statement_accepted_by_two'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('refused_by', None), models.Q(('refused_by', models.F('refuse_asked_by')), _negated=True), _connector='OR'), name='participation_statement_refused_by_two'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('accept_asked_by', None), ('refuse_asked_by', None), _connector='OR'), name='participation_statement_one_verdict'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='participation_statement_refusal_says_why'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(fields=('step', 'mark'), name='participation_receipt_once'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(condition=models.Q(('tag', ''), _negated=True), fields=('step', 'tag'), name='participation_tag_once'),
        ),
        migrations.AddConstraint(
            model_name='option',
            constraint=models.UniqueConstraint(fields=('step', 'number'), name='participation_option_number_once'),
        ),
        migrations.AddConstraint(
            model_name='option',
            constraint=models.CheckConstraint(condition=models.Q(('cost_cents', None), ('cost_cents__gte', 0), _connector='OR'), name='participation_cost_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='option',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at', None), models.Q(('withdrawn_why', ''), _negated=True), _connector='OR'), name='participation_withdrawn_says_why'),
        ),
        migrations.AddConstraint(
            model_name='namedproblem',
            constraint=models.UniqueConstraint(fields=('step', 'label'), name='participation_problem_once'),
        ),
        migrations.AddIndex(
            model_name='idea',
            index=models.Index(fields=['step', 'state', 'number'], name='participation_idea_list'),
        ),
        migrations.AddIndex(
            model_name='idea',
            index=models.Index(fields=['step', 'digest'], name='participation_idea_same'),
        ),
        migrations.AddIndex(
            model_name='idea',
            index=models.Index(condition=models.Q(('checked', False)), fields=['step', 'state'], name='participation_idea_wait'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.UniqueConstraint(fields=('step', 'number'), name='participation_idea_number_once'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.UniqueConstraint(condition=models.Q(('mark', ''), _negated=True), fields=('step', 'mark'), name='participation_idea_mark_once'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_by', None), models.Q(('accepted_by', models.F('accept_asked_by')), _negated=True), _connector='OR'), name='participation_idea_accepted_by_two'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.CheckConstraint(condition=models.Q(('refused_by', None), models.Q(('refused_by', models.F('refuse_asked_by')), _negated=True), _connector='OR'), name='participation_idea_refused_by_two'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.CheckConstraint(condition=models.Q(('accept_asked_by', None), ('refuse_asked_by', None), _connector='OR'), name='participation_idea_one_verdict'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='participation_idea_refusal_says_why'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into__isnull', False), _connector='OR'), name='participation_idea_merged_into_one'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'taken-back'), models.Q(('title', ''), _negated=True), _connector='OR'), name='participation_idea_says_something'),
        ),
        migrations.AddIndex(
            model_name='envelope',
            index=models.Index(fields=['step', 'id'], name='participation_envelopes'),
        ),
        migrations.AddConstraint(
            model_name='envelope',
            constraint=models.UniqueConstraint(condition=models.Q(('mark', ''), _negated=True), fields=('step', 'mark'), name='participation_envelope_mark_once'),
        ),
        migrations.AddConstraint(
            model_name='bookcode',
            constraint=models.UniqueConstraint(fields=('step', 'kind', 'label'), name='participation_book_once'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.UniqueConstraint(fields=('step', 'number'), name='participation_batch_number_once'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('voided_by', None), models.Q(('voided_by', models.F('void_asked_by')), _negated=True), _connector='OR'), name='participation_voided_by_two'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'voided'), _negated=True), models.Q(('void_why', ''), _negated=True), _connector='OR'), name='participation_void_says_why'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('handed_out', None), ('handed_out__lte', models.F('printed')), _connector='OR'), name='participation_out_of_printed'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('exchanged__lte', models.F('printed'))), name='participation_exchanged_of_printed'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('untied_by', None), models.Q(('untied_by', models.F('untied_asked_by')), _negated=True), _connector='OR'), name='participation_untied_by_two'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('untied_at', None), models.Q(('untied_why', ''), _negated=True), _connector='OR'), name='participation_untied_says_why'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('returned', None), ('returned__lte', models.F('handed_out')), _connector='OR'), name='participation_returned_of_out'),
        ),
        migrations.AddIndex(
            model_name='ballot',
            index=models.Index(fields=['step', 'id'], name='participation_ballots'),
        ),
        migrations.AddConstraint(
            model_name='asked',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='participation_asked_by_two'),
        ),
        migrations.AddConstraint(
            model_name='asked',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'agreed'])), fields=('consultation', 'kind', 'subject'), name='participation_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='testimony',
            constraint=models.CheckConstraint(condition=models.Q(('may_read', True)), name='participation_testimony_consented'),
        ),
        migrations.AddConstraint(
            model_name='testimony',
            constraint=models.UniqueConstraint(condition=models.Q(('mark', ''), _negated=True), fields=('step', 'mark'), name='participation_testimony_mark_once'),
        ),
        migrations.AddConstraint(
            model_name='testimony',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('voice__isnull', False), _connector='OR'), name='participation_testimony_says_something'),
        ),
        migrations.AddConstraint(
            model_name='settled',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_by', None), models.Q(('agreed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='participation_settled_by_two'),
        ),
        migrations.AddConstraint(
            model_name='quote',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_by', None), models.Q(('agreed_by', models.F('chosen_by')), _negated=True), _connector='OR'), name='participation_quoted_by_two'),
        ),
        migrations.AddConstraint(
            model_name='codinground',
            constraint=models.UniqueConstraint(fields=('testimony', 'by'), name='participation_coding_once'),
        ),
        migrations.AddConstraint(
            model_name='turnout',
            constraint=models.UniqueConstraint(fields=('step', 'elector'), name='participation_turnout_once'),
        ),
        migrations.AddConstraint(
            model_name='urnkey',
            constraint=models.CheckConstraint(condition=models.Q(('opened_at', None), ('destroyed_at', None), _connector='OR'), name='participation_urn_opened_or_destroyed'),
        ),
        migrations.AddConstraint(
            model_name='withdrawn',
            constraint=models.UniqueConstraint(fields=('step', 'mark'), name='participation_withdrawn_once'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(fields=('consultation', 'language', 'key'), name='participation_wording_once'),
        ),
    ]
