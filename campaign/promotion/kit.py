"""A mail that an idea's authors can send to people they know: plain, and saying who asks."""

from email import policy
from email.message import EmailMessage
from typing import NamedTuple
from urllib.parse import quote, urlencode

from flask_babel import force_locale
from flask_babel import gettext as _

from campaign.ideas.models import Idea
from campaign.mail import in_one_line
from campaign.promotion.links import short_url


class Kit(NamedTuple):
    """The mail in one language."""

    language: str
    subject: str
    text: str

    @property
    def mailto(self) -> str:
        """A link that begins it in the reader's own mail program."""
        return f"mailto:?{urlencode({'subject': self.subject, 'body': self.text}, quote_via=quote)}"

    @property
    def eml(self) -> bytes:
        """A file that mail programs open as a draft: nobody to send it to yet, and from nobody."""
        mail = EmailMessage(policy=policy.SMTP)
        mail["Subject"] = in_one_line(self.subject)
        mail["X-Unsent"] = "1"
        mail.set_content(self.text)
        return mail.as_bytes()

    @property
    def txt(self) -> bytes:
        return f"{self.subject}\n\n{self.text}".encode()


def kit_in(idea: Idea, language: str) -> Kit:
    """The mail in this language."""
    campaign = idea.campaign
    words = campaign.texts.get(language) or campaign.texts[campaign.languages[0]]
    with force_locale(language):
        disclosed = [
            f"{author.display_name}: {idea.labels[author.id].words}"
            for author in idea.authors
            if author.id in idea.labels
        ]
        parts = [
            _("Hello,"),
            _(
                "%(brand)s asks for ideas: “%(campaign)s”. Here is mine: “%(title)s”.",
                brand=campaign.brand.name,
                campaign=words.title,
                title=idea.title,
            ),
            idea.excerpt,
            _("Read it, and support it if you like it: %(url)s", url=short_url(idea)),
            _("A vote is free, and you can take it back while voting is open."),
            *disclosed,
            idea.byline,
        ]
        subject = _("My idea for %(brand)s: “%(title)s”", brand=campaign.brand.name, title=idea.title)
        return Kit(language, " ".join(subject.split()), "\n\n".join(part for part in parts if part) + "\n")
