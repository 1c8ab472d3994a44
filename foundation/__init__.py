"""What every room stands on; knows no member and no event."""
