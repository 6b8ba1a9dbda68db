"""A worker in a process of its own: python -m tests.mailing.worker [--wait]"""

import asyncio
import sys

import django
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


async def _work(working: App) -> None:
    async with working.open_async():
        await working.run_worker_async(queues=["mailing"], wait="--wait" in sys.argv, concurrency=2)


if __name__ == "__main__":
    django.setup()
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        asyncio.run(_work(working))
