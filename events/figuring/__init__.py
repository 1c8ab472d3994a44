"""Figures of one event: who came, what was answered, what it cost, what was spent afterwards."""
