"""Messages, made of the templates: each has a text with its subject, and the same in HTML."""

from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateNotFound, select_autoescape

from db.errors import Invalid
from db.jobs.tasks import Refused
from db.writes.addresses import email_address

TEMPLATES: Final = Environment(
    loader=PackageLoader("app.mail"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Mail(NamedTuple):
    """What a job says of a mail: a name among the templates, and the facts that it is filled with."""

    job_id: int
    to: str
    template: str
    facts: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """Of this mail alone; the same when its job is done again, so that receivers can tell."""
        return sha256(repr((*self[:3], sorted(self.facts.items()))).encode()).hexdigest()[:32]


def message(mail: Mail, sender: Address, site: str) -> EmailMessage:
    """The message (RFC 5322), which no person has written (RFC 3834, section 5).

    Each fact is one line, whatever it was. Raises Refused for an address that is none.
    """
    facts = {name: " ".join(value.split()) for name, value in mail.facts.items()} | {"site": site}
    text = _template(f"{mail.template}.txt")
    subject = "".join(text.blocks["subject"](text.new_context(facts)))
    made = EmailMessage(SMTP)
    made["From"] = sender
    made["To"] = _receiver(mail.to)
    made["Subject"] = " ".join(subject.split())
    made["Date"] = localtime()
    made["Message-ID"] = f"<{mail.fingerprint}@{sender.domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text.render(facts))
    html = _template(f"{mail.template}.html")
    made.add_alternative(html.render(facts, subject=made["Subject"]), subtype="html")
    return made


def _template(name: str) -> Any:
    try:
        return TEMPLATES.get_template(name)
    except TemplateNotFound:
        # A newer server may have deferred it: its own worker knows the template.
        raise LookupError(f"there is no template {name}") from None


def _receiver(address: str) -> Address:
    try:
        return Address(addr_spec=email_address(address))
    except Invalid:
        raise Refused("the receiver's address is none") from None
