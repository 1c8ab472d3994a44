"""What every club has from its first day, as tables that anybody can read, and how it is added."""
