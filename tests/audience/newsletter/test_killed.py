"""A worker that is killed in the middle of a batch has posted nothing of it; the next one posts all, once."""

import subprocess
import sys

from seqlense.audience.newsletter.models import Campaign, Sending
from seqlense.kit import clock
from seqlense.mailing.models import Message
from tests.audience.newsletter.stage import started, subscribed


def test_killed_in_the_middle(child_environment: dict[str, str]) -> None:
    now = clock.now()
    for number in range(8):
        subscribed(f"n{number}@lecture.example", now=now)
    Message.objects.all().delete()
    made = started(now=now)
    command = [sys.executable, "-m", "tests.audience.newsletter.sender", str(made.pk)]
    with subprocess.Popen([*command, "--hang"], env=child_environment, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"hanging\n"
        child.kill()
    assert not Message.objects.exists()
    assert not Sending.objects.exists()
    for _ in range(2):
        subprocess.run(command, env=child_environment, check=True)
    assert Message.objects.count() == Sending.objects.count() == 8
    assert Message.objects.values("subject_id").distinct().count() == 8
    assert Campaign.objects.get().posted == 8
