"""Numbers to call in need (120, a 400 number, a mobile), as they are read and dialled."""

from members import phones


def shown(number: str) -> str:
    """As people read it; a number in the form that the club keeps is spaced."""
    return phones.display(number) if number.startswith("+") else number


def dialled(number: str) -> str:
    """For tel: digits, and a plus where it begins with one."""
    digits = "".join(sign for sign in number if sign in "0123456789*#")
    return f"+{digits}" if number.strip().startswith("+") else digits
