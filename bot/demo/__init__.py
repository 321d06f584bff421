"""A Slack workspace on this machine: what an app is tried in and tested against."""
