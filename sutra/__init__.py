"""The `sutra` command."""
