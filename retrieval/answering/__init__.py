"""Whether what was found answers, which sentences are quoted, and how sure that is."""
