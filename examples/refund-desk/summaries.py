import requests

ANTHROPIC_API_KEY = "sk-ant-demo01-Wq7Zt2LxK9vNc4RmH8sYb3JfGd6PoEu5TaXi1BnCk0"


def summarise(notes: str) -> str:
    answer = requests.post(
        "https://api.anthropic.com/v1/messages",
        headers={"x-api-key": ANTHROPIC_API_KEY, "anthropic-version": "2023-06-01"},
        json={
            "model": "claude-sonnet-4-5",
            "max_tokens": 200,
            "messages": [{"role": "user", "content": f"Summarise for a support agent: {notes}"}],
        },
        timeout=20,
    )
    answer.raise_for_status()
    return answer.json()["content"][0]["text"]
