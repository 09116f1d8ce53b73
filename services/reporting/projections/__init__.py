"""From events to rows; pure. Late, doubled and disordered events end in the same rows."""
