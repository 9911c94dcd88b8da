import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Actor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=300, verbose_name='name')),
                ('sort_key', models.CharField(editable=False, max_length=200)),
                ('type', models.CharField(choices=[('community', 'community organisation'), ('institution', 'public institution'), ('municipality', 'municipality or MRC'), ('foundation', 'philanthropic foundation'), ('business', 'business'), ('social-economy', 'social economy enterprise'), ('citizens', 'citizens’ college'), ('indigenous', 'Indigenous organisation'), ('group', 'group of organisations'), ('other-level', 'other level of government'), ('unspecified', 'to be specified')], default='unspecified', max_length=20, verbose_name='type')),
                ('mission', models.TextField(blank=True, max_length=5000, verbose_name='mission')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('is_public', models.BooleanField(default=True, verbose_name='shown in public')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'actor',
                'ordering': ['sort_key', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ActorAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=300)),
                ('folded', models.CharField(db_index=True, max_length=300)),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ActorField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(max_length=40)),
                ('code', models.SlugField(max_length=60)),
            ],
            options={
                'ordering': ['scheme', 'code', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ActorMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('trace', models.JSONField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='CampaignReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invited_at', models.DateTimeField(blank=True, null=True)),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['campaign_id', 'actor_id'],
            },
        ),
        migrations.CreateModel(
            name='DuplicateProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.FloatField()),
                ('reasons', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['-score', 'first_id', 'second_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Interest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('office', 'board, direction or job'), ('interest', 'property, contract or business'), ('family', 'family or close tie')], max_length=10, verbose_name='kind')),
                ('what', models.CharField(max_length=300, verbose_name='what')),
                ('is_private', models.BooleanField(default=False, verbose_name='private')),
                ('declared_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='where it comes from')),
            ],
            options={
                'ordering': ['person_id', 'since', 'id'],
            },
        ),
        migrations.CreateModel(
            name='InterestReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(blank=True, null=True)),
                ('reminded_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['person_id'],
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='title or function')),
                ('is_contact', models.BooleanField(default=False, verbose_name='writes and answers for the organisation')),
            ],
            options={
                'ordering': ['since', 'id'],
            },
        ),
        migrations.CreateModel(
            name='NotDuplicate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['first_id', 'second_id'],
            },
        ),
        migrations.CreateModel(
            name='Offering',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('experience', 'experience'), ('knowledge', 'knowledge'), ('premises', 'premises and equipment'), ('money', 'money'), ('time', 'people’s time')], max_length=20, verbose_name='kind')),
                ('text', models.CharField(max_length=500, verbose_name='in a few words')),
                ('is_public', models.BooleanField(default=True, verbose_name='shown in public')),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['actor_id', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=300, verbose_name='name')),
                ('sort_key', models.CharField(db_index=True, editable=False, max_length=200)),
                ('website', models.URLField(blank=True, verbose_name='website')),
            ],
            options={
                'ordering': ['sort_key', 'id'],
            },
        ),
        migrations.CreateModel(
            name='OrganisationIdentifier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(max_length=30)),
                ('value', models.CharField(max_length=80)),
            ],
            options={
                'ordering': ['scheme', 'value', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('type', models.CharField(choices=[('community', 'community organisation'), ('institution', 'public institution'), ('municipality', 'municipality or MRC'), ('foundation', 'philanthropic foundation'), ('business', 'business'), ('social-economy', 'social economy enterprise'), ('citizens', 'citizens’ college'), ('indigenous', 'Indigenous organisation'), ('group', 'group of organisations'), ('other-level', 'other level of government'), ('unspecified', 'to be specified')], max_length=20, verbose_name='type')),
                ('people', models.PositiveIntegerField(default=1)),
                ('reference', models.CharField(max_length=120)),
            ],
            options={
                'ordering': ['on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Tie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('concertation', 'concertation'), ('project', 'common project'), ('referral', 'referral of people'), ('funding', 'funding'), ('premises', 'shared premises')], max_length=20, verbose_name='kind')),
                ('frequency', models.CharField(choices=[('weekly', 'every week'), ('monthly', 'every month'), ('yearly', 'a few times a year'), ('rarely', 'now and then')], default='yearly', max_length=10, verbose_name='how often')),
                ('how', models.CharField(blank=True, max_length=500, verbose_name='how')),
                ('told_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answer', models.CharField(choices=[('waiting', 'not confirmed yet'), ('confirmed', 'confirmed'), ('declined', 'not recognised by the other')], default='waiting', max_length=10)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('checked_on', models.DateField(blank=True, null=True)),
                ('source', models.CharField(default='member', max_length=20)),
            ],
            options={
                'ordering': ['alliance_id', 'first_id', 'second_id', 'kind', 'id'],
            },
        ),
        migrations.CreateModel(
            name='TieCampaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('message', models.TextField(blank=True, max_length=2000, verbose_name='message')),
                ('opens_on', models.DateField(verbose_name='opens on')),
                ('closes_on', models.DateField(verbose_name='closes on')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-opens_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='TieImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('header', models.JSONField(default=list)),
                ('rows', models.JSONField(default=list)),
                ('columns', models.JSONField(default=dict)),
                ('kind', models.CharField(blank=True, choices=[('concertation', 'concertation'), ('project', 'common project'), ('referral', 'referral of people'), ('funding', 'funding'), ('premises', 'shared premises')], max_length=20)),
                ('proposals', models.JSONField(default=dict)),
                ('decisions', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('draft', 'being prepared'), ('applied', 'written'), ('discarded', 'set aside'), ('undone', 'undone')], default='draft', max_length=10)),
                ('counts', models.JSONField(default=dict)),
                ('made', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('reference', models.CharField(max_length=120)),
                ('reason', models.CharField(choices=[('proposes', 'the organisation proposes it'), ('carries-out', 'the organisation will carry it out'), ('concerned', 'the organisation is concerned'), ('declared', 'an interest that was declared'), ('other', 'another reason')], max_length=20)),
                ('public_words', models.CharField(blank=True, max_length=300, verbose_name='what is said in public')),
                ('found', models.BooleanField(default=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_why', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='WithdrawalNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('reference', models.CharField(max_length=120)),
                ('reason', models.CharField(choices=[('proposes', 'the organisation proposes it'), ('carries-out', 'the organisation will carry it out'), ('concerned', 'the organisation is concerned'), ('declared', 'an interest that was declared'), ('other', 'another reason')], max_length=20)),
                ('public_words', models.CharField(blank=True, max_length=300, verbose_name='what is said in public')),
                ('source', models.CharField(max_length=300, verbose_name='where it comes from')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
    ]
