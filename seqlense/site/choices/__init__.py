"""A visitor's choices on outside services, on a page that needs no script."""
