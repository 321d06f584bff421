"""A Slack workspace on this machine: what the bot is tried in and tested against."""
