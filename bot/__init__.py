"""Patient reminders for veterinary clinics, run from Slack."""
