"""What every room uses: errors, settings, commands, small caches."""
