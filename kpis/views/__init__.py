"""The public pages and files of a plan."""
