"""My data: what is held about the person signed in, why, who receives it, until when, and taking it away."""
