"""What the demo club does together: a dozen past events and eight coming ones."""
