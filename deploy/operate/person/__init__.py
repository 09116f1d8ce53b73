"""All about one person who is no user: hand it out, or erase him.

Export writes a ZIP: what each service keeps as JSON, his mails as they came, and attachments.
Delete takes out his address and names everywhere, and what was written on his cases and by him.
Cases stay, with their dates, states and numbers: reports count as before. Left alone are: texts on
others' cases that speak of him without his address, the originals of others' mails, back-ups, and
what other systems were told.
"""

from __future__ import annotations

from deploy.operate.person.command import HELP, add_arguments, run

__all__ = ["HELP", "add_arguments", "run"]
