"""The project: settings, addresses, server entry points."""
