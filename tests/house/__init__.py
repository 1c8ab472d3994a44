"""The rules of the house: each is a test, else it would be a wish."""
