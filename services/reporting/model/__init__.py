"""What a report counts by: periods, months and money; pure."""
