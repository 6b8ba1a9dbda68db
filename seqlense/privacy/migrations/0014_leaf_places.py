from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0013_dropped_cookie")]

    operations = [
        migrations.AddConstraint(
            model_name="leaf",
            constraint=models.UniqueConstraint(
                condition=models.Q(("index__isnull", False)), fields=("index",), name="privacy_leaf_place"
            ),
        ),
        migrations.AlterField(model_name="leaf", name="index", field=models.BigIntegerField(null=True)),
    ]
