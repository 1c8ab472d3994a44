"""The tables of this room."""

from members.models.accounts import (
    Account,
    AccountRole,
    Advising,
    ArchiveClaim,
    ClaimState,
    CodePurpose,
    OneTimeCode,
    OwnerAdvisor,
    SignInAttempt,
)
from members.models.facts import MemberFacts
from members.models.interests import Interest, InterestGroup, OwnerInterest
from members.models.measurements import CarMeasurement, HandReading, Measure, Spot, StoredTyres
from members.models.orders import (
    AT_THE_WORKSHOP,
    NEVER_EARN,
    PACKAGE_SALE,
    PACKAGE_USE,
    OrderKind,
    OrderLine,
    PaidBy,
    ServiceOrder,
    is_visit,
)
from members.models.owners import (
    CompanyPerson,
    CompanyRole,
    ErasedIdentity,
    Membership,
    Owner,
    OwnerIdentity,
    OwnerKind,
)
from members.models.vehicles import BodyType, Energy, Ownership, Vehicle

__all__ = [
    "AT_THE_WORKSHOP",
    "NEVER_EARN",
    "PACKAGE_SALE",
    "PACKAGE_USE",
    "Account",
    "AccountRole",
    "Advising",
    "ArchiveClaim",
    "BodyType",
    "CarMeasurement",
    "ClaimState",
    "CodePurpose",
    "CompanyPerson",
    "CompanyRole",
    "Energy",
    "ErasedIdentity",
    "HandReading",
    "Interest",
    "InterestGroup",
    "Measure",
    "MemberFacts",
    "Membership",
    "OneTimeCode",
    "OrderKind",
    "OrderLine",
    "Owner",
    "OwnerAdvisor",
    "OwnerIdentity",
    "OwnerInterest",
    "OwnerKind",
    "Ownership",
    "PaidBy",
    "ServiceOrder",
    "SignInAttempt",
    "Spot",
    "StoredTyres",
    "Vehicle",
    "is_visit",
]
