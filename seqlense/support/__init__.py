"""Contact and help: a request, its answers, its end."""
