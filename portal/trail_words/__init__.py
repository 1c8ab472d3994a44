"""What acts of the audit trail are called in words, room by room."""
