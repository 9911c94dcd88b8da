import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('alliances', '0001_initial'),
        ('core', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('format', models.CharField(choices=[('pdf', 'PDF document'), ('xlsx', 'Spreadsheet (XLSX)')], max_length=4, verbose_name='format')),
                ('audience', models.CharField(choices=[('public', 'What is public only: it may be published'), ('inside', 'All that I may see: for the work of the alliance')], max_length=10, verbose_name='content')),
                ('language', models.CharField(choices=[('fr', 'Français'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('on', models.DateField(verbose_name='date')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accounts', to='alliances.alliance')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.document')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at', '-id'],
                'indexes': [models.Index(fields=['alliance', '-made_at'], name='reporting_accounts')],
                'constraints': [models.CheckConstraint(condition=models.Q(('published_at', None), ('audience', 'public'), _connector='OR'), name='reporting_only_public_is_published')],
            },
        ),
    ]
