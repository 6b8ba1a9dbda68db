"""The wall between tenants, and a key that keeps an offer inside the organisation of the member it is made to."""

from django.db import migrations

from seqlense.organisations.tenancy import ForceRowSecurity

TO_A_MEMBER = """
alter table organisations_handover add constraint organisations_handover_to_a_member
    foreign key (organisation_id, subject_id) references organisations_membership (organisation_id, subject_id)
    on delete cascade;
"""
TO_ANYBODY = "alter table organisations_handover drop constraint organisations_handover_to_a_member;"


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]

    operations = [
        ForceRowSecurity("organisations_organisation", "id"),
        ForceRowSecurity("organisations_membership"),
        ForceRowSecurity("organisations_invitation"),
        ForceRowSecurity("organisations_handover"),
        migrations.RunSQL(TO_A_MEMBER, TO_ANYBODY),
    ]
