"""What people see: page parts, their looks and the server that carries them. Computes no ranking."""
