"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from seqlense.project import serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seqlense.project.settings")
serving.ready()
application = get_wsgi_application()
