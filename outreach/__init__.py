"""How we speak: segments, invitations, newsletters, delivery, consent."""
