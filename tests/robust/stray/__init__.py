"""An app that nobody declared, with a column about people."""
