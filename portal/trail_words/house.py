"""Acts with files, claims, merged archives and the house itself."""

from foundation.words import N_

SENTENCES = {
    "balances.apply": N_("The opening balances of file %(thing)s, signed by %(who)s, came in."),
    "balances.sign": N_("%(who)s signed file %(thing)s of opening balances: %(points)s points."),
    "balances.undo": N_("%(who)s took back the opening balances of file %(thing)s."),
    "claim.confirm": N_("%(who)s confirmed claim %(thing)s on archive %(archive)s."),
    "claim.decline": N_("%(who)s declined claim %(thing)s on archive %(archive)s."),
    "claim.make": N_("A new member claimed an archive (claim %(thing)s)."),
    "import.apply": N_("%(who)s applied import %(thing)s."),
    "import.discard": N_("%(who)s discarded import %(thing)s."),
    "import.release": N_("%(who)s let import %(thing)s be applied."),
    "import.upload": N_("%(who)s uploaded import %(thing)s with %(rows)s rows."),
    "member.licence": N_("It was noted until when owner %(thing)s may drive."),
    "member.join": N_("Owner %(thing)s joined the club."),
    "owner.copy": N_("Owner %(thing)s took a copy of their own data."),
    "owner.erase": N_("Owner %(thing)s was erased: nothing says any more who it was."),
    "owner.leave": N_("%(who)s noted that owner %(thing)s wants to be erased."),
    "owner.stay": N_("%(who)s noted that owner %(thing)s stays after all."),
    "owner.merge": N_("%(who)s merged owner %(merged)s into owner %(thing)s."),
    "owner.part": N_("%(who)s parted owner %(parted)s from owner %(thing)s again."),
    "shop.change": N_("%(who)s changed the shop’s texts."),
    "tunable.change": N_("%(who)s changed “%(key)s” from %(was)s to %(set)s."),
}
