"""How changes reach users: pipelines, tests, reviews, history."""
