"""What we do together: programme, places, registration, waitlist, check-in."""
