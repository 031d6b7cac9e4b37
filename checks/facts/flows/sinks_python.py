"""What acts on a value in Python, as data."""

from __future__ import annotations

import re

from checks.facts.flows.sink import DATABASE, OBJECT, Sink, ending, exactly, method, of

_IF_SHELL = re.compile(r"shell\s*=\s*True")
_HTTP = re.compile(r"requests|httpx|aiohttp|selenium|playwright")
_STORES = re.compile(r"insert\s+into|update\s|replace\s+into", re.IGNORECASE)
_STARTS = "run call Popen check_output check_call"
_UPLOAD = r"\w*(?:file|upload|image|img|photo|picture|avatar|doc|resume|pdf|video|audio)\w*|f"

PYTHON = (
    Sink(
        "sql",
        method(
            "execute executemany executescript exec_driver_sql fetch fetchrow fetchval fetch_all fetch_one fetch_val "
            "query mogrify raw sql run iterate"
        ),
        (0, "sql", "query", "statement"),
        text="sql",
    ),
    Sink(
        "sql",
        ending(
            "read_sql read_sql_query execute_query run_query query_db execute_sql run_sql exec_sql RawSQL fetch_query "
            "db_query db_execute execute_statement"
        ),
        (0, 1, "sql", "query"),
        text="sql",
    ),
    Sink(
        "sql",
        method("filter where order_by having from_statement select_from group_by"),
        needs=re.compile(r"\btext\s*\("),
    ),
    Sink("sql", method("extra"), ("where", "select", "order_by")),
    Sink(
        "statement",
        re.compile(rf"(?:^|\.){DATABASE}\.(?:execute|executescript|fetch|fetchrow|exec_driver_sql|run|sql|query)$"),
    ),
    Sink(
        "statement", ending("read_sql read_sql_query execute_query run_query execute_sql run_sql"), (0, "sql", "query")
    ),
    Sink(
        "shell",
        exactly("os.system os.popen system popen subprocess.getoutput subprocess.getstatusoutput getoutput"),
        origin=re.compile(r"^(?:os|subprocess|commands)"),
    ),
    Sink("shell", ending("create_subprocess_shell"), (0, "cmd")),
    Sink(
        "shell",
        re.compile(r"^(?:subprocess\.|sp\.)?(?:run|call|Popen|check_output|check_call)$"),
        (0, "args"),
        needs=_IF_SHELL,
    ),
    Sink(
        "program",
        re.compile(r"^(?:subprocess\.|sp\.)?(?:run|call|Popen|check_output|check_call)$"),
        (0, "args"),
        never=_IF_SHELL,
        origin=re.compile(r"^subprocess"),
    ),
    Sink("shell", method("exec_command")),
    Sink(
        "code",
        exactly("eval exec compile __import__ builtins.eval builtins.exec"),
        never=re.compile(r"__builtins__.{0,4}:\s*(?:\{\}|None)"),
    ),
    Sink("code", exactly("importlib.import_module import_module pd.eval df.eval")),
    Sink("load", of("c?[pP]ickle|dill|cloudpickle|marshal|joblib|jsonpickle", "load loads decode")),
    Sink("load", of("yaml", "load unsafe_load full_load load_all"), never=re.compile("Safe")),
    Sink(
        "template", re.compile(r"(?:^|\.)render_template_string$|^(?:jinja2\.)?Template$|\.from_string$"), (0, "source")
    ),
    Sink(
        "path",
        re.compile(r"^(?:io\.|codecs\.|aiofiles\.|gzip\.)?open$|(?:^|\.)(?:send_file|FileResponse)$"),
        (0, "path", "path_or_file", "filename_or_fp", "file"),
        never=re.compile(r"^FileResponse\(\s*open"),
    ),
    Sink(
        "path",
        of("os", "remove unlink rmdir removedirs rename replace listdir scandir makedirs mkdir startfile"),
        (0, 1),
    ),
    Sink("path", of("shutil", "rmtree copy copy2 copyfile copytree move"), (0, 1)),
    Sink("path", ending("send_from_directory")),
    Sink("path", of(_UPLOAD, "save")),
    Sink("path", method("read_text read_bytes write_text write_bytes unlink rmdir iterdir"), (OBJECT,)),
    Sink("request", of("requests|httpx|urllib3|aiohttp", "get post put patch delete head options stream"), (0, "url")),
    Sink("request", ending("urlopen urlretrieve"), (0, "url")),
    Sink("request", re.compile(r"^(?:requests|httpx)\.request$|^\w*(?:http|pool)\w*\.request$"), (1, "url")),
    Sink(
        "request",
        of(r"\w*session|\w*client|http|s|driver|browser|page", "get post put patch delete head goto"),
        (0, "url"),
        library=_HTTP,
    ),
    Sink(
        "request",
        exactly("WebBaseLoader UnstructuredURLLoader feedparser.parse newspaper.Article Article trafilatura.fetch_url"),
    ),
    Sink(
        "redirect",
        exactly(
            "redirect flask.redirect RedirectResponse responses.RedirectResponse HttpResponseRedirect "
            "HttpResponsePermanentRedirect shortcuts.redirect self.redirect web.HTTPFound web.HTTPSeeOther"
        ),
        (0, "url", "location", "to"),
    ),
    Sink("html", ending("Markup mark_safe SafeString SafeText")),
    Sink("html", ending("HTMLResponse HttpResponse make_response Response"), (0, "content", "response"), text="html"),
    Sink(
        "html",
        re.compile(r"^(?:st|streamlit)(?:\.\w+)?\.(?:markdown|write)$"),
        needs=re.compile(r"unsafe_allow_html\s*=\s*True"),
        text="html",
    ),
    Sink(
        "query",
        method(
            "find find_one find_one_and_update delete_one delete_many update_one update_many count_documents aggregate"
        ),
    ),
    Sink(
        "store",
        method("insert insert_one insert_many upsert bulk_create update_or_create get_or_create create"),
        (0, 1, 2, "**", "document", "defaults"),
        never=re.compile(r"^(?:client|openai|stripe)\b"),
    ),
    Sink("store", exactly("setattr"), (1, 2)),
    Sink("store", method("update_one update_many find_one_and_update replace_one"), (1,)),
    Sink("store", re.compile(r"(?:^|\.)(?:session|db|s|sess|database)\.(?:add|add_all)$")),
    Sink("store", method("execute executemany"), (1,), needs=_STORES),
    Sink("store", method("update"), needs=re.compile(r"(?:table|query|from_|objects)\b")),
)
