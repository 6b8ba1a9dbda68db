"""Floor 0: clock, identifiers, calendar periods, addresses, text. No models, no Django."""
