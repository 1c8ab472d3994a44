"""What the demo club does together: a dozen past events, one of today, eight coming ones."""
