"""Pages at the desk."""

from events.staff import acts, by_hand, door, door_device, editor, programme, roster

__all__ = ["acts", "by_hand", "door", "door_device", "editor", "programme", "roster"]
