"""Acts with owners, accounts, cars and staff."""

from foundation.words import N_

SENTENCES = {
    "bounce.lift": N_("%(who)s lets e-mail to owner %(thing)s be tried again: %(reason)s"),
    "account.contact": N_("%(who)s confirmed a new contact."),
    "account.language": N_("%(who)s chose another language."),
    "account.password": N_("%(who)s set a new password for account %(thing)s."),
    "account.picks": N_("%(who)s chose another order of the programme."),
    "account.rename": N_("%(who)s changed the name on account %(thing)s."),
    "account.sessions-ended": N_("%(who)s ended all sessions of account %(thing)s."),
    "interests.choose": N_("%(who)s chose %(count)s interests for owner %(thing)s."),
    "member.export": N_("%(who)s exported %(rows)s owners: %(reason)s"),
    "membership.begin": N_("Membership %(number)s began for owner %(thing)s."),
    "owner.correct": N_("%(who)s corrected the archive of owner %(thing)s."),
    "owner.read": N_("%(who)s read the archive of owner %(thing)s."),
    "staff.change": N_("%(who)s changed staff account %(thing)s."),
    "staff.close": N_("%(who)s closed staff account %(thing)s."),
    "staff.hire": N_("%(who)s opened staff account %(thing)s."),
    "staff.reopen": N_("%(who)s opened staff account %(thing)s again."),
    "hand-reading.write": N_("%(who)s wrote %(values)s measured values of car %(thing)s."),
    "hand-reading.correct": N_("%(who)s corrected reading %(reading)s of car %(thing)s."),
    "hand-reading.take-back": N_("%(who)s took reading %(reading)s of car %(thing)s back."),
    "tyres.return": N_("%(who)s gave stored tyres of car %(thing)s back."),
    "tyres.store": N_("%(who)s put tyres of car %(thing)s on a shelf."),
    "vehicle.add": N_("%(who)s put car %(thing)s into the garage of owner %(owner)s."),
    "vehicle.change": N_("%(who)s corrected car %(thing)s of owner %(owner)s."),
    "vehicle.give-up": N_("%(who)s took car %(thing)s out of the garage of owner %(owner)s."),
}
