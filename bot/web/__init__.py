"""Where the bot is reached over HTTP."""
