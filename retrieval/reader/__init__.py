"""The trained reader: of a few sentences, which of them answers the question. Its weights and their card lie here."""
