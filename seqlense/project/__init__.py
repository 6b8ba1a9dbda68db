"""Assembly: the settings, the front doors and the commands that make one process of all rooms."""
