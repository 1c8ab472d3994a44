"""Acts with letters, invitations, newsletters and consents."""

from foundation.words import N_

SENTENCES = {
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
