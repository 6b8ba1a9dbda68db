"""Promotions as people meet them: the card, why it is shown, interests, and the groups one is in."""
