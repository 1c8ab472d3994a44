"""Seasonal checks: bays and their time, check sheets at the car, the owner's report and answers."""
