"""Promotions inside the product, personal only for those who agreed."""
