"""What each act of the audit trail is called in words; the holes are filled from its details."""

from collections.abc import Mapping

from club.models import ReferralState
from foundation.tunables import DECLARED
from foundation.words import N_
from outreach.models import Topic

_MEMBERS = {
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
    "tyres.return": N_("%(who)s gave stored tyres of car %(thing)s back."),
    "tyres.store": N_("%(who)s put tyres of car %(thing)s on a shelf."),
    "vehicle.add": N_("%(who)s put car %(thing)s into the garage of owner %(owner)s."),
    "vehicle.change": N_("%(who)s corrected car %(thing)s of owner %(owner)s."),
    "vehicle.give-up": N_("%(who)s took car %(thing)s out of the garage of owner %(owner)s."),
}
_CLUB = {
    "benefit.undo": N_("%(who)s took back use %(use)s of a yearly benefit of owner %(thing)s."),
    "benefit.use": N_("%(who)s noted a use of %(benefit)s for owner %(thing)s."),
    "benefits.cost": N_("%(who)s changed what %(cells)s benefits cost the shop."),
    "benefits.change": N_("%(who)s changed %(cells)s yearly counts of benefits."),
    "discounts.change": N_("%(who)s changed %(cells)s workshop discounts."),
    "figures.export": N_("%(who)s took the figures “%(topic)s” of %(first)s to %(last)s."),
    "offer.add": N_("%(who)s added offer %(thing)s of partner %(partner)s."),
    "offer.undo": N_("%(who)s took back use %(use)s of offer %(thing)s."),
    "offer.use": N_("%(who)s confirmed use %(use)s of offer %(thing)s."),
    "offer.change": N_("%(who)s changed offer %(thing)s of partner %(partner)s."),
    "partner.add": N_("%(who)s added partner %(thing)s."),
    "partner.clerk": N_("%(who)s opened login %(account)s for partner %(thing)s."),
    "partner.clerk-close": N_("%(who)s closed login %(account)s of partner %(thing)s."),
    "partner.settle": N_("%(who)s took the settlement of %(month)s with partner %(thing)s."),
    "partner.change": N_("%(who)s changed partner %(thing)s."),
    "package.refund": N_("%(who)s refunded the rest of package %(thing)s."),
    "package.sell": N_("%(who)s sold package %(thing)s to owner %(owner)s."),
    "package.undo": N_("%(who)s took back use %(use)s of package %(thing)s."),
    "package.use": N_("%(who)s noted use %(use)s of package %(thing)s."),
    "package-kind.change": N_("%(who)s changed the draft of package kind %(thing)s."),
    "package-kind.draft": N_("%(who)s drafted package kind %(thing)s."),
    "package-kind.publish": N_("%(who)s put package kind %(thing)s on sale."),
    "package-kind.stop": N_("%(who)s stopped package kind %(thing)s."),
    "price.agree": N_("%(who)s agreed price %(price)s with company %(thing)s."),
    "price.end": N_("%(who)s ended price %(price)s agreed with company %(thing)s."),
    "quote.apply": N_("%(who)s applied quote %(thing)s to order %(order)s."),
    "quote.undo": N_("%(who)s took back quote %(thing)s."),
    "rules.begin": N_("%(who)s began rule set %(thing)s “%(name)s”."),
    "rules.campaign": N_("%(who)s wrote campaign “%(name)s” into rule set %(thing)s."),
    "rules.campaign-drop": N_("%(who)s took campaign “%(name)s” out of rule set %(thing)s."),
    "rules.change": N_("%(who)s changed the numbers of rule set %(thing)s “%(name)s”."),
    "rules.discard": N_("%(who)s threw draft %(thing)s “%(name)s” away."),
    "rules.publish": N_("%(who)s published rule set %(thing)s “%(name)s” from %(starts_on)s on."),
    "rules.simulate": N_("%(who)s tried rule set %(thing)s over the last %(months)s months."),
    "points.adjust": N_("%(who)s adjusted the points of owner %(thing)s by %(points)s."),
    "points.ask": N_("%(who)s asked to adjust the points of owner %(thing)s by %(points)s."),
    "points.refuse": N_("%(who)s refused to adjust the points of owner %(thing)s by %(points)s."),
    "points.undo": N_("%(who)s gave %(points)s spent points back to owner %(thing)s."),
    "referral.step": N_("Referral %(thing)s came into the state “%(state)s”, by %(who)s."),
    "source.add": N_("%(who)s made source %(thing)s."),
    "source.change": N_("%(who)s changed source %(thing)s."),
    "reward.add": N_("%(who)s put reward %(thing)s into the catalogue for %(points)s points."),
    "reward.buy": N_("%(who)s spent %(points)s points on voucher %(thing)s."),
    "reward.change": N_("%(who)s changed reward %(thing)s; it costs %(points)s points."),
}
_VOUCHERS = {
    "voucher.give": N_("%(who)s gave voucher %(thing)s to owner %(owner)s."),
    "voucher.pass-on": N_("%(who)s passed voucher %(thing)s on to another member."),
    "voucher.redeem": N_("%(who)s redeemed voucher %(thing)s on order %(order)s."),
    "voucher.revoke": N_("%(who)s took voucher %(thing)s back: %(reason)s"),
    "voucher.undo": N_("%(who)s took back redemption %(use)s of voucher %(thing)s."),
    "voucher-kind.change": N_("%(who)s changed the draft of voucher kind %(thing)s."),
    "voucher-kind.copy": N_("%(who)s copied voucher kind %(copied_from)s to %(thing)s."),
    "voucher-kind.draft": N_("%(who)s drafted voucher kind %(thing)s."),
    "voucher-kind.publish": N_("%(who)s put voucher kind %(thing)s in force."),
    "voucher-kind.stop": N_("%(who)s stopped voucher kind %(thing)s after %(issued)s vouchers."),
    "voucher-round.begin": N_(
        "%(who)s gave vouchers of kind %(thing)s to %(count)s members: %(name)s."
    ),
    "voucher-rule.add": N_("%(who)s wrote voucher rule %(thing)s."),
    "voucher-rule.change": N_("%(who)s changed voucher rule %(thing)s."),
    "voucher-rule.rest": N_("%(who)s let voucher rule %(thing)s rest."),
    "voucher-rule.start": N_("%(who)s put voucher rule %(thing)s to work."),
}
_EVENTS = {
    "check-in.make": N_("%(who)s checked registration %(thing)s in."),
    "check-in.refuse": N_("A mark at the door for registration %(thing)s did not count: %(why)s"),
    "check-in.settle": N_("%(who)s looked into a second arrival of registration %(thing)s."),
    "check-in.undo": N_("%(who)s took the check-in of registration %(thing)s back."),
    "calendar.end": N_("%(who)s ended the calendar of account %(thing)s."),
    "calendar.renew": N_("%(who)s made a new calendar address for account %(thing)s."),
    "bay.keep": N_("%(who)s kept bay %(thing)s."),
    "bay-job.move": N_("%(who)s moved the car of registration %(thing)s to bay %(bay)s."),
    "bay-plan.set": N_("%(who)s gave %(bays)s bays to event %(thing)s."),
    "check.answer": N_("The owner answered an advice of registration %(thing)s: %(answer)s."),
    "check.begin": N_("%(who)s began the check sheet of registration %(thing)s."),
    "check.fill": N_("%(who)s filled in %(n)s points of registration %(thing)s."),
    "check.finish": N_("%(who)s signed the check sheet of registration %(thing)s."),
    "check.handle": N_("%(who)s dealt with an advice of registration %(thing)s."),
    "check.head": N_("%(who)s noted odometer and tyres of registration %(thing)s."),
    "check.look": N_("%(who)s looked at the report of registration %(thing)s a second time."),
    "check.photo": N_("%(who)s kept a picture for registration %(thing)s."),
    "check.photo-drop": N_("%(who)s threw away a picture of registration %(thing)s."),
    "check.read": N_("%(who)s read check sheet %(thing)s."),
    "check.reopen": N_("%(who)s opened the check sheet of registration %(thing)s again."),
    "check-points.set": N_("%(who)s set %(points)s points to check at event %(thing)s."),
    "event.capacity": N_("%(who)s changed the places of event %(thing)s from %(was)s to %(set)s."),
    "event.change": N_("%(who)s changed event %(thing)s."),
    "event.copy": N_("%(who)s copied event %(copied_from)s to event %(thing)s."),
    "event.draft": N_("%(who)s began event %(thing)s."),
    "event.export": N_("%(who)s exported the sign-ups of event %(thing)s: %(reason)s"),
    "event.formation": N_("%(who)s gave cars of event %(thing)s their places in the formation."),
    "event.offline-list": N_("%(who)s took the list of event %(thing)s onto a device."),
    "event.publish": N_("%(who)s published event %(thing)s."),
    "event.cancel": N_("%(who)s cancelled event %(thing)s."),
    "car-check.note": N_("%(who)s noted that the car of registration %(thing)s was checked."),
    "car-check.undo": N_("%(who)s took back the check of the car of registration %(thing)s."),
    "convoy.move": N_(
        "%(who)s moved registration %(registration)s in the convoy of event %(thing)s."
    ),
    "convoy.order": N_("%(who)s ordered the convoy of event %(thing)s anew."),
    "convoy.read": N_("%(who)s opened the leader’s sheet of event %(thing)s, with all numbers."),
    "convoy.role": N_(
        "%(who)s gave registration %(registration)s the part “%(role)s” in event %(thing)s."
    ),
    "picture.add": N_("%(who)s added %(pictures)s pictures to the recap of event %(thing)s."),
    "picture.hide": N_("%(who)s hid picture %(picture)s of event %(thing)s."),
    "picture.remove": N_("%(who)s removed picture %(picture)s of event %(thing)s for good."),
    "picture.show": N_("%(who)s let picture %(picture)s of event %(thing)s be shown."),
    "recap.publish": N_("%(who)s published the recap of event %(thing)s."),
    "recap.withdraw": N_("%(who)s withdrew the recap of event %(thing)s."),
    "recap.write": N_("%(who)s wrote the recap of event %(thing)s."),
    "trip.drives": N_("%(cars)s cars of event %(thing)s have %(metres)s metres in their record."),
    "trip.roll-call": N_("%(who)s made %(ticks)s ticks in the roll call of event %(thing)s."),
    "trip-promise.give": N_("Registration %(thing)s confirmed: %(kind)s."),
    "trip-promise.take-back": N_("Registration %(thing)s took back: %(kind)s."),
    "registration.cancel": N_("%(who)s cancelled registration %(thing)s."),
    "registration.change": N_("%(who)s changed registration %(thing)s."),
    "registration.make": N_("%(who)s made registration %(thing)s for event %(event)s."),
    "ticket.reissue": N_("%(who)s gave registration %(thing)s a new ticket."),
    "waitlist.accept": N_("%(who)s accepted the place offered to registration %(thing)s."),
    "waitlist.decline": N_("%(who)s declined the place offered to registration %(thing)s."),
    "waitlist.expire": N_("The place offered to registration %(thing)s was not answered in time."),
    "waitlist.move": N_("%(who)s moved registration %(thing)s to place %(place)s in the queue."),
    "waitlist.offer": N_("A freed place was offered to registration %(thing)s."),
    "waitlist.skip": N_("%(who)s passed over registration %(thing)s in the queue."),
    "waitlist.unskip": N_("%(who)s took registration %(thing)s back into the queue."),
}
_OUTREACH = {
    "campaign.draft": N_("%(who)s prepared invitation round %(thing)s."),
    "campaign.start": N_("%(who)s started sending round %(thing)s."),
    "campaign.stop": N_("%(who)s stopped sending round %(thing)s."),
    "consent.give": N_("%(who)s noted a yes of owner %(thing)s to %(topic)s."),
    "consent.withdraw": N_("%(who)s noted a no of owner %(thing)s to %(topic)s."),
    "epoch.confirm": N_("%(who)s let this copy of the database send letters again."),
    "letter.again": N_("%(who)s let letter %(thing)s go out again."),
    "letter.drop": N_("%(who)s decided that letter %(thing)s is not sent."),
    "newsletter.change": N_("%(who)s changed newsletter draft %(thing)s."),
    "newsletter.draft": N_("%(who)s began newsletter draft %(thing)s."),
    "newsletter.publish": N_("%(who)s published newsletter issue %(number)s."),
    "segment.forget": N_("%(who)s forgot the saved choice “%(name)s”."),
    "segment.keep": N_("%(who)s kept a choice of members as “%(name)s”."),
    "task.sent": N_("%(who)s sent WeChat message %(thing)s by hand."),
}
_PORTAL = {
    "balances.apply": N_("The opening balances of file %(thing)s, signed by %(who)s, came in."),
    "balances.sign": N_("%(who)s signed file %(thing)s of opening balances: %(points)s points."),
    "balances.undo": N_("%(who)s took back the opening balances of file %(thing)s."),
    "claim.confirm": N_("%(who)s confirmed claim %(thing)s on archive %(archive)s."),
    "claim.decline": N_("%(who)s declined claim %(thing)s on archive %(archive)s."),
    "claim.make": N_("A new member claimed an archive (claim %(thing)s)."),
    "import.apply": N_("%(who)s applied import %(thing)s."),
    "import.release": N_("%(who)s let import %(thing)s be applied."),
    "import.upload": N_("%(who)s uploaded import %(thing)s with %(rows)s rows."),
    "member.licence": N_("It was noted until when owner %(thing)s may drive."),
    "member.join": N_("Owner %(thing)s joined the club."),
    "owner.merge": N_("%(who)s merged owner %(merged)s into owner %(thing)s."),
    "owner.part": N_("%(who)s parted owner %(parted)s from owner %(thing)s again."),
    "shop.change": N_("%(who)s changed the shop's texts."),
    "tunable.change": N_("%(who)s changed “%(key)s” from %(was)s to %(set)s."),
}
SENTENCES: Mapping[str, str] = {**_MEMBERS, **_CLUB, **_VOUCHERS, **_EVENTS, **_OUTREACH, **_PORTAL}
_CODES: Mapping[str, Mapping[str, str]] = {
    "state": {state.value: state.label for state in ReferralState},
    "topic": {topic.value: topic.label for topic in Topic},
}
OTHERWISE = N_("%(who)s: %(act)s, %(kind)s %(thing)s.")


def words_for(details: Mapping[str, object]) -> Mapping[str, str]:
    """The marked words of those details that are codes of ours."""
    known = {**_CODES, "key": {key: number.label for key, number in DECLARED.items()}}
    return {
        hole: known[hole][str(code)]
        for hole, code in details.items()
        if str(code) in known.get(hole, ())
    }
