"""What services say to each other: events by their sender, commands by their addressee.

A field is only ever added, with a default; an unknown field is ignored.
"""
