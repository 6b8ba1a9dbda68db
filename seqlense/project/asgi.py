"""The ASGI entry point."""

import os

from django.core.asgi import get_asgi_application

from seqlense.project import serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seqlense.project.settings")
serving.ready()
application = get_asgi_application()
