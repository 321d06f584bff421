"""The catalogues of every sentence shown, one folder a language, and what keeps them complete."""
