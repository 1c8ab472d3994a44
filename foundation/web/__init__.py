"""The part of the foundation that knows Flask."""
