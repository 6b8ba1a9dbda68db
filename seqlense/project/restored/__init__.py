"""A restored copy of the data: nothing is served from it until it is finished, and some of it ends then."""
