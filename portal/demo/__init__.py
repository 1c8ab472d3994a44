"""A club that looks like a real one, built for looking around; never in production."""
