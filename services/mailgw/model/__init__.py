"""What the gateway knows of mails and accounts; pure."""
