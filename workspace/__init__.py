"""A local stand-in for a Slack workspace, so that the bot can be tried and tested without a Slack account.

It is a process of its own (``python -I -m workspace``) and imports nothing of the program: whatever talks to it
talks over the same wire as with Slack. It is meant for one machine and answers on loopback only.
"""
