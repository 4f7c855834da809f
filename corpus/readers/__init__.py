"""One reader a file format; each turns a file's bytes into drafts, `corpus.readers.registry` does the rest."""
