"""Files of people, encrypted under their own keys and gone with them."""
