"""Which packages an app rests on, and what is known against them."""
