"""Across rooms: home, desk, joining, imports, the timetable of jobs, the command line."""
