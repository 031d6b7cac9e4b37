"""Calls that ask a language model, by name: what they give back was written by whoever could write to the model."""

from __future__ import annotations

import re

from checks.facts.flows.scopes import File

_ASKS = re.compile(
    r"(?:^|\.)(?:chat\.completions\.(?:create|parse)|completions\.create|responses\.(?:create|parse)|messages\.(?:create|stream)"
    r"|ChatCompletion\.(?:a?create)|Completion\.create|generate_?[cC]ontent(?:_async|Stream)?|generateText|streamText"
    r"|generateObject|streamObject|chat_completion|text_generation|send_message(?:_async)?|sendMessageStream"
    r"|ollama\.(?:chat|generate)|litellm\.a?completion)$"
)
#: What a chain or an agent is asked with, where the file imports a library of such.
_INVOKES = re.compile(
    r"\.(?:a?invoke|a?predict|a?run|a?generate|a?stream|a?call|sendMessage|complete)$|^(?:llm|chain|agent|completion)$"
)
_MODEL = re.compile(r"llm|chain|agent|model|chat|gpt|claude|gemini|openai", re.IGNORECASE)
_LIBRARY = re.compile(
    r"^(?:@?langchain|langgraph|llama_?index|openai|@?anthropic|google\.gen|@google/gen|groq|mistral|cohere|ollama|litellm|crewai"
    r"|transformers|ai\b|@ai-sdk|vertexai|autogen|smolagents|huggingface_hub|replicate)",
    re.IGNORECASE,
)


def uses_model(file: File) -> bool:
    """Whether *file* imports a library that asks language models."""
    return any(_LIBRARY.match(origin) for origin in file.imports.values())


def gives_answer(callee: str, file: File) -> bool:
    """Whether calling *callee* in *file* gives back what a language model wrote."""
    if _ASKS.search(callee):
        return not callee.startswith(("db.", "prisma.", "supabase.")) and "twilio" not in callee.lower()
    return _INVOKES.search(callee) is not None and _MODEL.search(callee) is not None and uses_model(file)
