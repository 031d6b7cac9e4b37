"""What keeps an app running: its data and who keeps it, what it asks of others, its containers and migrations."""
