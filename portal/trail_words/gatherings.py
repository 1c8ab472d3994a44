"""Acts with ballots, gifts, contests and sales at events."""

from foundation.words import N_

SENTENCES = {
    "ballot.drop": N_("%(who)s took ballot %(thing)s of event %(event)s away."),
    "ballot.keep": N_("%(who)s wrote ballot %(thing)s of event %(event)s."),
    "ballot.vote": N_("%(who)s voted in ballot %(thing)s."),
    "contest.forget": N_("%(who)s removed what was measured for registration %(thing)s."),
    "contest.publish": N_("%(who)s published the ranking of event %(thing)s."),
    "contest.run": N_("%(who)s noted what the car of registration %(thing)s used."),
    "contest.withdraw": N_("%(who)s took back the ranking of event %(thing)s."),
    "gift.draw": N_("%(who)s drew %(gifts)s gifts of event %(thing)s with the seed %(seed)s."),
    "gift.prepare": N_("%(who)s prepared the gift exchange of event %(thing)s."),
    "sale.items": N_("%(who)s set %(items)s things for sale at event %(thing)s."),
    "sale.make": N_("%(who)s sold %(count)s of thing %(item)s (sale %(thing)s)."),
    "sale.undo": N_("%(who)s took back sale %(thing)s."),
}
