"""Slack's side of the bot: payloads become values, a service is called, and its answer becomes blocks."""
