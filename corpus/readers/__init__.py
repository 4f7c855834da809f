"""One reader a file format; each turns a decoded file into drafts, `corpus.readers.registry` does the rest."""
