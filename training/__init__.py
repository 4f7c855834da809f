"""How the reader's weights were made: data ▶ windows ▶ training ▶ card. Needs torch; nothing that serves imports it."""
