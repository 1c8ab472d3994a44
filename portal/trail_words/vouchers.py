"""Acts with vouchers, their kinds, rules and rounds."""

from foundation.words import N_

SENTENCES = {
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
