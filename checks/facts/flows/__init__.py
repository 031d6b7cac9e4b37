"""Where data goes: from requests, addresses and models, through a function's names, into what acts on it."""
