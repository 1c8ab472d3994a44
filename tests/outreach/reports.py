"""Reports as mail servers write them: RFC 3464 for what came back, RFC 5965 for complaints."""

BOUNCE = """\
From: Mail Delivery System <MAILER-DAEMON@relay.example>
To: club@marque.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=utf-8

Your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; a@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} said the other side

--B
Content-Type: text/rfc822-headers

From: club@marque.example
To: a@example.com
Message-ID: {message_id}

--B--
"""

COMPLAINT = """\
From: feedback@mailbox.example
To: club@marque.example
Subject: FW: invitation
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="C"

--C
Content-Type: text/plain

This is an email abuse report.

--C
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Mailbox/1.0
Version: 1

--C
Content-Type: message/rfc822

From: club@marque.example
To: a@example.com
Message-ID: {message_id}
Subject: invitation

Dear reader

--C--
"""


def bounce(message_id: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A delivery report about one letter."""
    said = BOUNCE.format(message_id=message_id, status=status, action=action)
    return said.replace("\n", "\r\n").encode()


def complaint(message_id: str, kind: str = "abuse") -> bytes:
    """A reader pressed "this is spam"."""
    return COMPLAINT.format(message_id=message_id, kind=kind).replace("\n", "\r\n").encode()
