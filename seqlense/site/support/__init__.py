"""Writing to the company, and reading what it answers: with an account or by a link from a mail."""
