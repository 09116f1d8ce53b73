"""The bus: outbox and relay on the way out, inbox, retry and dead letters on the way in."""
