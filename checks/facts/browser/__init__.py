"""What reaches the browser: which files are built into it, and what they hold and decide."""
