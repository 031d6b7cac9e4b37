"""What the bot promises, put to the test: killed, cut off, flooded and slowed, and counted from outside."""
