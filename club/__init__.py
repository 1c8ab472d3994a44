"""What membership is worth: points, tiers, benefits, partner offers."""
