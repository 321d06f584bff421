"""What staff and the clock may have done: one function, one transaction. Knows no Slack."""
