"""Trips: routes, stops, convoy, roll call, what cars need before, and what is told afterwards."""
