"""Journeys through the whole club in a real browser."""
