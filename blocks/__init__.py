"""What the bot shows in Slack, as Block Kit: values in, dictionaries out."""
