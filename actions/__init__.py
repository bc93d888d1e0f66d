"""What the city does: plans, strategies, measures, publicity."""
