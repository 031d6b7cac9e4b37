"""Which HTTP routes an app serves, one reader a framework, and what guards each."""
