"""What acts on a value when it is called: as data, a pattern of the callee and the arguments that count."""

from __future__ import annotations

import re
from dataclasses import dataclass

PYTHON, JAVASCRIPT = "python", "javascript"
OBJECT = -1  # the object that a method is called on
_STATEMENT = re.compile(
    r"^[\s(]*(?:select|insert\s+(?:or\s+\w+\s+)?into|replace\s+into|update\s|delete\s+from|drop\s|create\s|alter\s|pragma\s"
    r"|truncate\s|with\s+\w+\s+as|call\s|exec\s|grant\s|merge\s|copy\s|attach\s|explain\s|show\s|use\s)"
    r"|\s(?:from|where|order\s+by|group\s+by|limit|values|having|join)[\s(]",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?:[a-z!/]|\0)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sink:
    """
    *callee* acts on its *places* (numbers or keywords) as *kind*.

    *needs* must stand in the call's text, *never* must not; *origin* must be where the callee was imported from, where
    it is a plain name, and *library* something that the file imports. *text* says what the value must look like: a statement of SQL, or markup.
    """

    kind: str
    callee: re.Pattern[str]
    places: tuple[int | str, ...] = (0,)
    needs: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None
    origin: re.Pattern[str] | None = None
    library: re.Pattern[str] | None = None
    text: str = ""

    def fits(self, text: str) -> bool:
        """Whether *text*, with its holes, looks like what this acts on."""
        if self.text == "sql":
            return _STATEMENT.search(text) is not None
        return not self.text or _TAG.search(text) is not None


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_DATABASE = r"(?i:cur(?:sor)?|conn(?:ection)?|c|db|database|session|engine|tx|client|pool|sql\w*|\w*db|\w*conn(?:ection)?|\w*cur(?:sor)?|\w*session)"
_ONLY_IF_SHELL = _re(r"shell\s*=\s*True|shell\s*:\s*true")

_PYTHON = (
    Sink("sql", _re(r"\.(?:execute|executemany|executescript|exec_driver_sql|fetch|fetchrow|fetchval|fetch_all|fetch_one|fetch_val|query|mogrify|raw|sql|run|iterate)$"), (0, "sql", "query", "statement"), text="sql"),
    Sink("sql", _re(r"(?:^|\.)(?:read_sql(?:_query)?|execute_query|run_query|query_db|execute_sql|run_sql|exec_sql|RawSQL|fetch_query|db_query|db_execute|execute_statement)$"), (0, 1, "sql", "query"), text="sql"),
    Sink("sql", _re(r"\.(?:filter|where|order_by|having|from_statement|select_from|group_by)$"), (0,), needs=_re(r"\btext\s*\(")),
    Sink("sql", _re(r"\.extra$"), ("where", "select", "order_by")),
    Sink("statement", _re(rf"(?:^|\.){_DATABASE}\.(?:execute|executescript|fetch|fetchrow|exec_driver_sql)$"), (0,)),
    Sink("shell", _re(r"^(?:os\.)?(?:system|popen)$|^(?:subprocess\.|commands\.)?(?:getoutput|getstatusoutput)$"), (0,), origin=_re(r"^(?:os|subprocess|commands)")),
    Sink("shell", _re(r"(?:^|\.)create_subprocess_shell$"), (0, "cmd")),
    Sink("shell", _re(r"^(?:subprocess\.|sp\.)?(?:run|call|Popen|check_output|check_call)$"), (0, "args"), needs=_ONLY_IF_SHELL),
    Sink("program", _re(r"^(?:subprocess\.|sp\.)?(?:run|call|Popen|check_output|check_call)$"), (0, "args"), never=_ONLY_IF_SHELL, origin=_re(r"^subprocess")),
    Sink("shell", _re(r"\.exec_command$"), (0,)),
    Sink("code", _re(r"^(?:builtins\.)?(?:eval|exec|compile|__import__)$"), (0,), never=_re(r"__builtins__.{0,4}:\s*(?:\{\}|None)")),
    Sink("code", _re(r"^(?:importlib\.)?import_module$|^(?:pd|df)\.eval$"), (0,)),
    Sink("load", _re(r"^(?:c?[pP]ickle|dill|cloudpickle|marshal|joblib|jsonpickle)\.(?:loads?|decode)$"), (0,)),
    Sink("load", _re(r"^yaml\.(?:load|unsafe_load|full_load|load_all)$"), (0,), never=_re(r"Safe")),
    Sink("template", _re(r"(?:^|\.)render_template_string$|^(?:jinja2\.)?Template$|\.from_string$"), (0, "source")),
    Sink("path", _re(r"^(?:io\.|codecs\.|aiofiles\.|gzip\.)?open$|(?:^|\.)send_file$|(?:^|\.)FileResponse$"), (0, "path", "path_or_file", "filename_or_fp", "file"), never=_re(r"^FileResponse\(\s*open")),
    Sink("path", _re(r"^os\.(?:remove|unlink|rmdir|removedirs|rename|replace|listdir|scandir|makedirs|mkdir|startfile)$|^shutil\.(?:rmtree|copy\w*|move)$"), (0, 1)),
    Sink("path", _re(r"(?:^|\.)send_from_directory$"), (0,)),
    Sink("path", _re(r"^\w*(?:file|upload|image|img|photo|picture|avatar|doc|resume|pdf|video|audio|^f)\w*\.save$"), (0,)),
    Sink("path", _re(r"\.(?:read_text|read_bytes|write_text|write_bytes|unlink|rmdir|iterdir)$"), (OBJECT,)),
    Sink("request", _re(r"^(?:requests|httpx|urllib3|aiohttp)\.(?:get|post|put|patch|delete|head|options|stream)$|(?:^|\.)(?:urlopen|urlretrieve)$"), (0, "url")),
    Sink("request", _re(r"^(?:requests|httpx)\.request$|^\w*(?:http|pool)\w*\.request$"), (1, "url")),
    Sink("request", _re(r"^(?:\w*session|\w*client|http|s|driver|browser|page)\.(?:get|post|put|patch|delete|head|goto)$"), (0, "url"), library=_re(r"requests|httpx|aiohttp|selenium|playwright")),
    Sink("request", _re(r"^(?:WebBaseLoader|UnstructuredURLLoader|feedparser\.parse|newspaper\.Article|Article|trafilatura\.fetch_url)$"), (0,)),
    Sink("redirect", _re(r"^(?:flask\.|responses\.|shortcuts\.)?(?:redirect|RedirectResponse|HttpResponseRedirect|HttpResponsePermanentRedirect)$|^self\.redirect$|\.(?:HTTPFound|HTTPSeeOther)$"), (0, "url", "location", "to")),
    Sink("html", _re(r"^(?:markupsafe\.|flask\.)?Markup$|(?:^|\.)(?:mark_safe|SafeString|SafeText)$"), (0,)),
    Sink("html", _re(r"(?:^|\.)(?:HTMLResponse|HttpResponse|make_response|Response)$"), (0, "content", "response"), text="html"),
    Sink("html", _re(r"^(?:st|streamlit)(?:\.\w+)?\.(?:markdown|write)$"), (0,), needs=_re(r"unsafe_allow_html\s*=\s*True"), text="html"),
    Sink("query", _re(r"\.(?:find|find_one|find_one_and_update|delete_one|delete_many|update_one|update_many|count_documents|aggregate)$"), (0,)),
    Sink("store", _re(r"\.(?:insert|insert_one|insert_many|upsert|bulk_create|update_or_create|get_or_create)$|\.objects\.create$|^setattr$"), (0, 1, 2, "**", "document", "defaults")),
    Sink("store", _re(r"\.(?:update_one|update_many|find_one_and_update|replace_one)$"), (1,)),
    Sink("store", _re(r"\.(?:session|db|s|sess|database)\.add$|^(?:session|db|s)\.add(?:_all)?$"), (0,)),
    Sink("store", _re(r"\.(?:execute|executemany)$"), (1,), needs=_re(r"(?i:insert\s+into|update\s|replace\s+into)")),
    Sink("store", _re(r"\.update$"), (0,), needs=_re(r"(?:table|query|from_|objects)\b")),
)  # fmt: skip

_JAVASCRIPT = (
    Sink("sql", _re(r"(?:^|\.)(?:query|execute|raw|executeQuery|runQuery|queryDb|dbQuery|runSql|execSql|executeSql|unsafe|prepare)$"), (0, 1, "text", "sql"), text="sql"),
    Sink("sql", _re(r"\.(?:run|all|get|each|exec|one|oneOrNone|many|manyOrNone|any|none|batch|queryRaw|first)$"), (0,), text="sql"),
    Sink("sql", _re(r"\.(?:\$queryRawUnsafe|\$executeRawUnsafe|whereRaw|orderByRaw|havingRaw|joinRaw|selectRaw|fromRaw|groupByRaw|andWhereRaw|orWhereRaw)$|^(?:sql|Prisma|knex)\.raw$|^sql\.unsafe$|^(?:[sS]equelize|db\.sequelize|models\.sequelize)\.literal$"), (0,)),
    Sink("statement", _re(rf"(?:^|\.){_DATABASE}\.(?:query|execute|exec|raw|unsafe)$"), (0,)),
    Sink("statement", _re(r"\.rpc$"), (1,), needs=_re(r"\.rpc\s*\(\s*[\"'`]\w*(?:exec|run|sql)\w*[\"'`]")),
    Sink("shell", _re(r"^(?:child_process|cp|childProcess|shell|shelljs|util\.promisify)\.(?:exec|execSync)$"), (0,)),
    Sink("shell", _re(r"^(?:exec|execSync|execAsync|execPromise|execPromisified|promisifiedExec|asyncExec|pExec|execP)$"), (0,)),
    Sink("shell", _re(r"^(?:child_process\.|cp\.)?(?:spawn|spawnSync|execFile)$"), (0, 1), needs=_ONLY_IF_SHELL),
    Sink("program", _re(r"^(?:child_process\.|cp\.)?(?:spawn|spawnSync|execFile|execFileSync|execa)$"), (0,)),
    Sink("code", _re(r"^(?:window\.|global\.|globalThis\.)?(?:eval|Function)$|^vm\.(?:runInNewContext|runInThisContext|runInContext|Script)$|^(?:safeEval|notevil|unsafeEval)$|^(?:setTimeout|setInterval)$"), (0, "last")),
    Sink("load", _re(r"(?:^|\.)unserialize$"), (0,)),
    Sink("code", _re(r"^(?:require|import)$"), (0,)),
    Sink("template", _re(r"^(?:ejs\.(?:render|compile)|pug\.(?:render|compile)|[hH]andlebars\.compile|nunjucks\.(?:renderString|compile)|_\.template|Mustache\.render|Eta\.renderString)$"), (0,)),
    Sink("path", _re(r"^(?:fs|fsp|fsPromises|fs\.promises|promises|fse)\.(?:readFile|readFileSync|createReadStream|createWriteStream|writeFile|writeFileSync|appendFile|appendFileSync|unlink|unlinkSync|rm|rmSync|rmdir|rmdirSync|readdir|readdirSync|open|openSync|mkdir|mkdirSync|remove|outputFile)$"), (0,)),
    Sink("path", _re(r"^(?:fs|fsp|fsPromises|fs\.promises|promises|fse)\.(?:copyFile|copyFileSync|rename|renameSync|move|copy)$"), (0, 1)),
    Sink("path", _re(r"^(?:readFile|readFileSync|createReadStream|createWriteStream|writeFile|writeFileSync|unlink|unlinkSync|readdir|readdirSync|rm)$"), (0,), origin=_re(r"^(?:node:)?fs(?:/promises|-extra)?(?:\.|$)")),
    Sink("path", _re(r"^(?:res|response|reply)\.(?:sendFile|download)$"), (0,), never=_re(r"root\s*:")),
    Sink("path", _re(r"^(?:Deno\.(?:readTextFile|readFile|writeFile|writeTextFile|remove|open|readDir)(?:Sync)?|Bun\.file)$"), (0,)),
    Sink("request", _re(r"^(?:fetch|nodeFetch|node_fetch|\$fetch|ofetch|axios|got|needle|superagent|undici\.(?:fetch|request)|global\.fetch|globalThis\.fetch)$"), (0, "url")),
    Sink("request", _re(r"^(?:axios|got|needle|superagent|https?|axiosInstance|request|ky)\.(?:get|post|put|patch|delete|head|request|stream)$"), (0, "url")),
    Sink("request", _re(r"^(?:\w*[pP]age)\.goto$$"), (0, "url", "uri")),
    Sink("redirect", _re(r"^(?:res|response|reply|ctx|c|NextResponse|Response)\.redirect$|^(?:permanentRedirect|redirect)$"), (0, 1)),
    Sink("redirect", _re(r"^(?:window\.|document\.)?location\.(?:assign|replace)$|^window\.open$"), (0,)),
    Sink("html", _re(r"^document\.(?:write|writeln)$"), (0, 1)),
    Sink("html", _re(r"\.insertAdjacentHTML$"), (1,)),
    Sink("html", _re(r"^(?:\$|jQuery)?\(?.{0,80}\.(?:html|append|prepend|after|before|replaceWith)$"), (0,), text="html", needs=_re(r"^(?:\$|jQuery)\(")),
    Sink("html", _re(r"^(?:res|response|reply)\.(?:send|end|write)$|^(?:c\.html|ctx\.html)$|^(?:Next)?Response$"), (0,), text="html"),
    Sink("html", _re(r"(?:^|\.)createContextualFragment$"), (0,)),
    Sink("query", _re(r"\.(?:find|findOne|findOneAndUpdate|findOneAndDelete|findOneAndReplace|deleteOne|deleteMany|updateOne|updateMany|countDocuments|aggregate|exists|where)$"), (0,)),
    Sink("filter", _re(r"\.(?:or|filter)$"), (0,), needs=_re(r"\.(?:i?like|eq|neq|gte?|lte?|cs|fts)\.")),
    Sink("store", _re(r"\.(?:insert|upsert|insertOne|insertMany|createMany|bulkCreate|findOrCreate|create|values|set)$"), (0,)),
    Sink("store", _re(r"\.(?:update|findByIdAndUpdate|findOneAndUpdate|updateOne|updateMany|replaceOne|set)$"), (0, 1)),
    Sink("store", _re(r"^(?:setDoc|addDoc|updateDoc)$"), (1,)),
    Sink("store", _re(r"\.(?:query|execute|run)$"), (1,), needs=_re(r"(?i:insert\s+into|update\s|replace\s+into)")),
)  # fmt: skip
#: Names that a callee must end with to be looked at further.
_LAST = re.compile(r"[\w$]+$")


def sinks_for(callee: str, language: str) -> list[Sink]:
    """Return what *callee* may act as."""
    return [sink for sink in (_PYTHON if language == PYTHON else _JAVASCRIPT) if sink.callee.search(callee)]


#: Properties whose assignment acts: markup of a page, the address it goes to.
WRITTEN = {
    "innerHTML": "html",
    "outerHTML": "html",
    "srcdoc": "html",
    "dangerouslySetInnerHTML": "html",
    "href": "redirect",
    "location": "redirect",
}
