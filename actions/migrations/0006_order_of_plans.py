from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0005_words_of_the_forms'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='plan',
            index=models.Index(fields=['-is_current', '-start_year', 'slug'], name='plan_front_first'),
        ),
    ]
