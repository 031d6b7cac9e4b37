"""
Names of PyPI that many apps rest on, normalised: who imitates one of them hopes to be taken for it.

Counted, not ranked: each stands in the manifests and lock files of at least 2 of 98 public repositories that were
read on 2026-11-22, or has 3 published advisories or more.
"""

from __future__ import annotations

from checks.facts.word_set import word_set

NAMES = word_set("""
    aiofiles aiohappyeyeballs aiohttp aiosignal aiosmtpd aiosqlite ajenti ajenti-panel alabaster alembic amqp
    aniso8601 annotated-doc annotated-types ansible anthropic anyio apache-airflow apache-atlas
    apache-dolphinscheduler apache-iotdb apache-libcloud apache-submarine apache-superset appdirs apprise
    apscheduler argon2-cffi asgiref async-timeout asyncpg asyncssh attrs aubio authlib awsiotsdk azure-ai-projects
    azure-ai-voicelive azure-common azure-core azure-identity azure-storage-blob babel bcrypt beautifulsoup4
    billiard black bleach blinker boto3 botocore bottle brotli build buildbot cachetools calibreweb celery certifi
    cffi cfgv chardet charset-normalizer click click-didyoumean click-plugins click-repl cobbler colorama coverage
    cryptography dateparser debugpy decorator deepmerge defusedxml democritus-file-system democritus-urls dennis
    deprecated distlib distro dj-database-url django django-allauth django-auth-ldap django-celery-beat
    django-cors-headers django-crispy-forms django-debug-toolbar django-extensions django-filter django-guardian
    django-helpdesk django-mptt django-prometheus django-redis django-rich django-storages django-stubs
    django-stubs-ext django-taggit django-timezone-field django-treebeard djangorestframework
    djangorestframework-simplejwt djblets dnspython docutils drf-spectacular drf-spectacular-sidecar
    drf-writable-nested dulwich elementpath email-validator emails et-xmlfile exceptiongroup execnet exiv2 extruct
    factory-boy faker fastapi fava feedparser fido2 filelock filetype flake8 flask flask-appbuilder flask-babel
    flask-cors flask-httpauth flask-login flask-mail flask-migrate flask-restful flask-security-too
    flask-sqlalchemy flask-wtf flower fonttools freezegun frozenlist fsspec furo gerapy gevent gitpython
    google-api-core google-api-python-client google-auth google-auth-httplib2 google-auth-oauthlib
    google-generativeai googleapis-common-protos gradio granian graphite-web greenlet grpcio grpcio-status gspread
    gunicorn h11 h2 hiredis horizon httpcore httpie httplib2 httptools httpx humanize icalendar identify idna
    ijson imagesize img2pdf importlib-metadata importlib-resources indico indy-node inflection iniconfig ipython
    isodate isort itsdangerous jedi jinja2 jiter jmespath joblib joserfc jsonpath-ng jsonschema
    jsonschema-specifications jupyter-server kallithea keylime keyring keystone keystonemiddleware kombu langchain
    langchain-experimental langdetect ldap3 levenshtein librt lief lin-cms linkify-it-py litellm lmdb localstack
    lxml lxml-html-clean mako markdown markdown-it-py markdown2 markupsafe marshmallow matplotlib matrix-sydent
    matrix-synapse maxminddb mayan-edms mdit-py-plugins mdurl mercurial mergedeep micropython-copy micropython-io
    mindsdb mistune mitmproxy mkdocs mkdocs-material mkdocstrings-python mlflow mock modoboa moin mpmath msal
    msal-extensions msgpack multidict mypy mypy-extensions mysqlclient myst-parser narwhals nautobot neutron nh3
    nltk nodeenv notebook nova numpy nvflare oauth2client oauthenticator oauthlib octoprint omero-web
    onionshare-cli openai openpyxl opentelemetry-api opentelemetry-exporter-otlp-proto-common
    opentelemetry-exporter-otlp-proto-http opentelemetry-instrumentation opentelemetry-proto opentelemetry-sdk
    opentelemetry-semantic-conventions openvpn-monitor orjson packaging paddlepaddle paho-mqtt pandas paramiko
    parso passlib pathspec pdf2image pdfminer-six pdfplumber pillow pillow-heif pip platformdirs playwright plone
    plotly pluggy polib pre-commit prek prometheus-client prompt-toolkit propcache proto-plus protobuf psutil
    psycopg psycopg-binary psycopg2-binary puremagic pyarrow pyasn1 pyasn1-modules pycparser pycrypto pycryptodome
    pycurl pydantic pydantic-core pydantic-extra-types pydantic-settings pyftpdlib pygments pyjwt pylint
    pymdown-extensions pymupdf pyopenssl pyparsing pypdfium2 pyright pysaml2 pyspark pytesseract pytest
    pytest-asyncio pytest-cov pytest-django pytest-html pytest-mock pytest-playwright pytest-rerunfailures
    pytest-sugar pytest-timeout pytest-xdist python-dateutil python-decouple python-docx python-dotenv
    python-gnupg python-ipware python-jose python-keystoneclient python-ldap python-magic python-multipart
    python-pptx python-slugify python-telegram-bot python3-saml pytz pywebpush pywin32 pyyaml qrcode quokka
    qutebrowser radicale rapidfuzz rdflib rdiffweb recipe-scrapers red-discordbot redis referencing regex
    reportlab requests requests-hardened requests-oauthlib requests-toolbelt responses rich roman-numerals roundup
    rpds-py rq rsa ruamel-yaml ruff s3transfer salt schedule scikit-learn scipy scrapy selenium semantic-version
    sendgrid sentence-transformers sentry sentry-sdk setuptools shellingham sickrage simplejson six slixmpp
    sniffio snowballstemmer sortedcontainers soupsieve sphinx sphinx-autobuild sphinx-copybutton
    sphinx-markdown-builder sphinx-notfound-page sphinx-rtd-theme sphinx-tabs sphinxcontrib-applehelp
    sphinxcontrib-devhelp sphinxcontrib-htmlhelp sphinxcontrib-jsmath sphinxcontrib-qthelp
    sphinxcontrib-serializinghtml sqlalchemy sqlalchemy-utils sqlmodel sqlparse sse-starlette starlette statsd
    statsmodels streamlit stripe sympy ta tabulate tblib tenacity tensorflow tensorflow-cpu tensorflow-gpu
    termcolor text-unidecode threadpoolctl tiktoken time-machine toml tomli tomli-w tomlkit tornado tqdm trac
    traitlets trio tripleo-heat-templates trustme trytond tuf twilio twine twisted ty typer types-cffi
    types-contextvars types-dataclasses types-markdown types-pygments types-pyopenssl types-python-dateutil
    types-pyyaml types-redis types-requests types-setuptools typing-extensions typing-inspection tzdata tzlocal
    uritemplate urllib3 uv uvicorn uvloop validators vantage6 vine virtualenv vyper wagtail waitress wasmtime
    watchdog watchfiles wcwidth webencodings weblate websocket-client websockets werkzeug wheel whitenoise
    whoogle-search wrapt wtforms xgboost xlrd xlsxwriter yarl zensical zipp zodb3 zope zope-event zope-interface
    zope2 zstandard
""")
