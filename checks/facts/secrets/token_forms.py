"""
The forms of tokens that name their vendor, as data: what finds secrets in files and what masks them in words use these.

They are the vendors' own, as they document them or as secret scanning partners publish them, in RE2's syntax. Apart
from the detectors, so that the parent of a check loads no detector.
"""

from __future__ import annotations

#: What a token is called -> its forms.
FORMS = {
    "Anthropic API key": (r"\bsk-ant-[a-z]+\d{2}-[\w-]{32,}",),
    "OpenAI API key": (r"\bsk-(?:proj|svcacct|admin|None)-[\w-]{32,}", r"\bsk-[A-Za-z0-9]{48}\b"),
    "OpenRouter API key": (r"\bsk-or-v1-[0-9a-f]{64}\b",),
    "API key of a model provider": (r"\bsk-[0-9a-f]{32}\b", r"\bsk_[0-9a-f]{48}\b"),
    "Supabase access token": (r"\bsbp_[0-9a-f]{40}\b", r"\bsb_secret_[\w-]{20,}"),
    "Google API key": (r"\bAIza[0-9A-Za-z_-]{35}\b", r"\bAIza[0-9A-Za-z_-]{35}"),
    "Google OAuth client secret": (r"\bGOCSPX-[\w-]{28}",),
    "Google access token": (r"\bya29\.[\w-]{40,}",),
    "Hugging Face token": (r"\bhf_[A-Za-z0-9]{34,40}\b",),
    "Groq API key": (r"\bgsk_[A-Za-z0-9]{40,}\b",),
    "xAI API key": (r"\bxai-[A-Za-z0-9]{60,}\b",),
    "Replicate token": (r"\br8_[A-Za-z0-9]{37,}\b",),
    "Perplexity API key": (r"\bpplx-[A-Za-z0-9]{40,}\b",),
    "Pinecone API key": (r"\bpcsk_\w{40,}",),
    "Tavily API key": (r"\btvly-(?:dev-|prod-)?[A-Za-z0-9]{28,}",),
    "LangSmith API key": (r"\blsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}\b",),
    "Langfuse secret key": (r"\bsk-lf-[0-9a-f]{8}-[0-9a-f-]{27}\b",),
    "Firecrawl API key": (r"\bfc-[0-9a-f]{32}\b",),
    "Fireworks API key": (r"\bfw_[A-Za-z0-9]{22,24}\b",),
    "Together API key": (r"\btgp_v1_[\w-]{40,}",),
    "Resend API key": (r"\bre_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,32}\b",),
    "Clerk or Stripe secret key": (r"\b[sr]k_live_[0-9A-Za-z]{24,}",),
    "Clerk or Stripe test key": (r"\b[sr]k_test_[0-9A-Za-z]{24,}",),
    "Stripe webhook secret": (r"\bwhsec_[A-Za-z0-9+/=]{32,}",),
    "Vercel token": (r"\bvercel_blob_rw_\w{30,}", r"\bvc[piark]_[A-Za-z0-9]{40,}\b"),
    "Databricks token": (r"\bdapi[0-9a-f]{32}(?:-\d)?\b",),
    "Neon password or key": (r"\bnpg_[A-Za-z0-9]{10,20}\b", r"\bnapi_[a-z0-9]{60,}\b"),
    "PlanetScale password or token": (r"\bpscale_(?:pw|tkn|oauth)_[\w.=-]{30,}",),
    "GitHub token": (r"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}", r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
    "GitLab token": (
        r"\b(?:glpat|gldt|glft|glsoat|glrt)-[\w-]{20,50}",
        r"\bGR1348941[\w-]{20,50}",
        r"\bglcbt-(?:[0-9a-fA-F]{2}_)?[\w-]{20,50}",
        r"\bglptt-[\w-]{40}|\bgloas-[\w-]{64}|\bglimt-[\w-]{25}",
    ),
    "npm token": (r"\bnpm_[A-Za-z0-9]{36}\b",),
    "Docker token": (r"\bdckr_(?:pat|oat)_[\w-]{27,}",),
    "RubyGems key": (r"\brubygems_[0-9a-f]{48}\b",),
    "Slack app token": (r"\bxapp-\d-[A-Z0-9]+-\d+-[a-z0-9]{40,}",),
    "Discord webhook": (r"discord(?:app)?\.com/api/webhooks/\d{15,}/[\w-]{60,}",),
    "Telegram bot token": (r"\b(?:bot)?(\d{8,10}:AA[0-9A-Za-z_-]{33})",),
    "Twilio API key": (r"\bSK[0-9a-f]{32}\b",),
    "Mailgun key": (r"\bkey-[0-9a-f]{32}\b",),
    "DigitalOcean token": (r"\bdo[opr]_v1_[0-9a-f]{64}\b",),
    "Shopify token": (r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b",),
    "Notion token": (r"\bntn_[A-Za-z0-9]{40,}\b", r"\bsecret_[A-Za-z0-9]{43}\b"),
    "Linear API key": (r"\blin_api_[A-Za-z0-9]{32,}\b",),
    "Airtable token": (r"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b",),
    "Figma token": (r"\bfigd_[\w-]{36,}",),
    "Sentry token": (r"\bsntry[su]_[\w+/=.-]{40,}",),
    "Grafana token": (r"\bglsa_[A-Za-z0-9]{32}_[0-9a-f]{8}\b", r"\bglc_[A-Za-z0-9+/]{32,}={0,2}"),
    "New Relic key": (r"\bNRAK-[A-Z0-9]{27}\b",),
    "Heroku key": (r"\bHRKU-[\w-]{36,}",),
    "Doppler token": (r"\bdp\.(?:pt|st|ct|sa)\.[\w.-]{40,}",),
    "HashiCorp token": (r"\bhvs\.[\w-]{80,}", r"\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}"),
    "Artifactory key": (r"\bAKCp[A-Za-z0-9]{69}\b",),
    "Alibaba access key": (r"\bLTAI[A-Za-z0-9]{20}\b",),
    "Facebook access token": (r"\bEAA[A-Za-z0-9]{90,}",),
    "Firebase server key": (r"\bAAAA[\w-]{7}:[\w-]{140}",),
    "age secret key": (r"\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b",),
    "Square token": (r"\bsq0atp-[\w-]{22}", r"\bEAAA[\w-]{60}"),
}

#: Forms that detect-secrets' detectors have beside ours.
STOCK = (
    r"(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}",
    r"(?i)aws.{0,20}?(?:key|pwd|pw|password|pass|token).{0,20}?[\'\"]([0-9a-zA-Z/+]{40})[\'\"]",
    r"AccountKey=[a-zA-Z0-9+\/=]{88}",
    r"[MNO][a-zA-Z\d_-]{23,25}\.[a-zA-Z\d_-]{6}\.[a-zA-Z\d_-]{27}",
    r"[0-9a-z]{32}-us[0-9]{1,2}",
    r"\/\/.+\/:_authToken=\s*((npm_.+)|([A-Fa-f0-9-]{36})).*",
    r"sk-[A-Za-z0-9-_]*[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}",
    r"pypi-AgEIcHlwaS5vcmc[A-Za-z0-9-_]{70,}",
    r"pypi-AgENdGVzdC5weXBpLm9yZw[A-Za-z0-9-_]{70,}",
    r"SG\.[a-zA-Z0-9_-]{22}\.[a-zA-Z0-9_-]{43}",
    r"(?i)xox(?:a|b|p|o|s|r)-(?:\d+-)+[a-z0-9]+",
    r"(?i)https://hooks\.slack\.com/services/T[a-zA-Z0-9_]+/B[a-zA-Z0-9_]+/[a-zA-Z0-9_]+",
    r"(ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9_]{36}",
    r"(?:r|s)k_live_[0-9a-zA-Z]{24}",
    r"sq0csp-[0-9A-Za-z\\\-_]{43}",
)

#: Wider forms, for masking alone: what only looks like a token is no finding, and is no loss in a sentence either.
WIDER = (
    r"\bxox[abceoprs]-[\w-]{8,}",
    r"\bxapp-[\w-]{8,}",
    r"\bgh[opsur]_[A-Za-z0-9_]{16,}",
    r"\bgithub_pat_\w{16,}",
    r"\bglpat-[\w-]{16,}",
    r"\bsk[-_](?:live_|proj-|ant-)?[\w-]{20,}",
    r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}",
)
