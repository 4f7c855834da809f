"""One reader a file format; each turns a decoded file into drafts, `corpus.reader` does the rest."""
