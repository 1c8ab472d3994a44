"""Phone numbers in E.164; the mobile number is who a member is."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from foundation.half_width import half_width
from foundation.refusals import Refusal
from foundation.words import N_

HOME_REGION = "CN"
_HOME_CODE = 86
_HOME_MOBILE = re.compile(r"^\+861[3-9][0-9]{9}$")
_WRITTEN = re.compile(r"^\(?\+?\(?[0-9][0-9 ()./\-]*$")
_MOBILE_TYPES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_MOST_SHOWN = 4


class NotAPhone(Refusal):
    """The text is no phone number that could be called."""


class NotAMobile(NotAPhone):
    """A phone number, but none that can receive a text message."""


def normalise_phone(text: str) -> str:
    """The number in E.164; without a country code it is one of mainland China."""
    written = half_width(text)
    number = _parsed(written)
    stored = phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else ""
    if not _HOME_MOBILE.match(stored) and not (number and phonenumbers.is_valid_number(number)):
        raise NotAPhone(N_("“%(text)s” is not a phone number."), text=written[:40])
    return stored


def normalise_mobile(text: str) -> str:
    """The number in E.164, refused when no text message can reach it."""
    phone = normalise_phone(text)
    if not is_mobile(phone):
        raise NotAMobile(N_("“%(text)s” is not a mobile number."), text=half_width(text)[:40])
    return phone


def is_mobile(phone: str) -> bool:
    """Whether an E.164 number can receive text messages, as far as its plan tells."""
    if _HOME_MOBILE.match(phone):
        return True
    return phonenumbers.number_type(phonenumbers.parse(phone)) in _MOBILE_TYPES


def display(phone: str) -> str:
    """`138 0013 8000` for a number at home, `+852 9123 4567` for one abroad."""
    number = phonenumbers.parse(phone)
    at_home = number.country_code == _HOME_CODE
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def masked(phone: str) -> str:
    """`138****5678`; of any other number only the country code and the last digits."""
    if _HOME_MOBILE.match(phone):
        return f"{phone[3:6]}****{phone[-4:]}"
    number = phonenumbers.parse(phone)
    digits = phonenumbers.national_significant_number(number)
    shown = max(1, min(_MOST_SHOWN, len(digits) // 2 - 1))
    return f"+{number.country_code} {'*' * (len(digits) - shown)}{digits[-shown:]}"


def _parsed(written: str) -> PhoneNumber | None:
    """None where the text has words, two numbers or an extension, of which E.164 keeps nothing."""
    if not _WRITTEN.match(written):
        return None
    try:
        return phonenumbers.parse(written, HOME_REGION)
    except NumberParseException:
        return None
