"""What acts on a value in JavaScript and TypeScript, as data."""

from __future__ import annotations

import re

from checks.facts.flows.sink import DATABASE, Sink, ending, exactly, method, of

_IF_SHELL = re.compile(r"shell\s*:\s*true")
_STORES = re.compile(r"insert\s+into|update\s|replace\s+into", re.IGNORECASE)
_FS = r"fs|fsp|fsPromises|fs\.promises|promises|fse"
_FILES = (
    "readFile readFileSync createReadStream createWriteStream writeFile writeFileSync appendFile appendFileSync unlink "
    "unlinkSync rm rmSync rmdir rmdirSync readdir readdirSync open openSync mkdir mkdirSync remove outputFile"
)
_VERBS = "get post put patch delete head request stream"
_COLLECTION = r"(?:^|\.)(?:[A-Z]\w*|\w*[mM]odel|\w*[cC]ol(?:lection)?|db\.\w+|collection\([^)]{0,60}\))"

JAVASCRIPT = (
    Sink(
        "sql",
        ending("query execute raw executeQuery runQuery queryDb dbQuery runSql execSql executeSql unsafe prepare"),
        (0, 1, "text", "sql"),
        text="sql",
    ),
    Sink(
        "sql", method("run all get each exec one oneOrNone many manyOrNone any none batch queryRaw first"), text="sql"
    ),
    Sink(
        "sql",
        method(
            "$queryRawUnsafe $executeRawUnsafe whereRaw orderByRaw havingRaw joinRaw selectRaw fromRaw groupByRaw "
            "andWhereRaw orWhereRaw"
        ),
    ),
    Sink(
        "sql",
        exactly("sql.raw Prisma.raw knex.raw sql.unsafe sequelize.literal Sequelize.literal db.sequelize.literal"),
    ),
    Sink("statement", re.compile(rf"(?:^|\.){DATABASE}\.(?:query|execute|exec|raw|unsafe)$")),
    Sink(
        "statement",
        ending("executeQuery runQuery runSql runSQL execSql execSQL executeSql executeSQL rawQuery executeRaw"),
        (0, "query", "sql"),
        never=re.compile(r"(?i)graphql|\bgql\b|\bvariables\b"),
    ),
    Sink("statement", method("rpc"), (1,), needs=re.compile(r"\.rpc\s*\(\s*[\"'`]\w*(?:exec|run|sql)\w*[\"'`]")),
    Sink("shell", of(r"child_process|cp|childProcess|shell|shelljs", "exec execSync")),
    Sink("shell", exactly("exec execSync execAsync execPromise execPromisified promisifiedExec asyncExec pExec execP")),
    Sink("shell", re.compile(r"^(?:child_process\.|cp\.)?(?:spawn|spawnSync|execFile)$"), (0, 1), needs=_IF_SHELL),
    Sink("program", re.compile(r"^(?:child_process\.|cp\.)?(?:spawn|spawnSync|execFile|execFileSync|execa)$"), (0, 1)),
    Sink(
        "code",
        exactly(
            "eval window.eval global.eval globalThis.eval Function vm.runInNewContext vm.runInThisContext "
            "vm.runInContext vm.Script safeEval mathjs.eval math.eval notevil unsafeEval setTimeout setInterval"
        ),
        (0, "last"),
    ),
    Sink("code", exactly("require import")),
    Sink("load", ending("unserialize")),
    Sink(
        "template",
        exactly(
            "ejs.render ejs.compile pug.render pug.compile Handlebars.compile handlebars.compile "
            "nunjucks.renderString nunjucks.compile _.template Mustache.render"
        ),
    ),
    Sink("path", of(_FS, _FILES)),
    Sink("path", of(_FS, "copyFile copyFileSync rename renameSync move copy"), (0, 1)),
    Sink("path", exactly(_FILES), origin=re.compile(r"^(?:node:)?fs(?:/promises|-extra)?(?:\.|$)")),
    Sink("path", of("res|response|reply", "sendFile download"), never=re.compile(r"root\s*:")),
    Sink("path", of("Deno", "readTextFile readFile writeFile writeTextFile remove open readDir readTextFileSync")),
    Sink("path", exactly("Bun.file")),
    Sink(
        "request",
        exactly(
            "fetch nodeFetch node_fetch $fetch ofetch axios got needle superagent undici.fetch undici.request "
            "global.fetch globalThis.fetch"
        ),
        (0, "url"),
    ),
    Sink("request", of("axios|got|needle|superagent|https?|axiosInstance|request|ky", _VERBS), (0, "url")),
    Sink("request", of(r"\w*[pP]age", "goto"), (0, "url")),
    Sink("redirect", of("res|response|reply|ctx|c|NextResponse|Response", "redirect"), (0, 1)),
    Sink("redirect", exactly("redirect permanentRedirect")),
    Sink("redirect", re.compile(r"^(?:window\.|document\.)?location\.(?:assign|replace)$|^window\.open$")),
    Sink("html", exactly("document.write document.writeln"), (0, 1)),
    Sink("html", method("insertAdjacentHTML"), (1,)),
    Sink(
        "html",
        method("html append prepend after before replaceWith"),
        needs=re.compile(r"^(?:\$|jQuery)\("),
        text="html",
    ),
    Sink("html", of("res|response|reply", "send end write"), text="html"),
    Sink("html", exactly("c.html ctx.html Response NextResponse"), text="html"),
    Sink("html", ending("createContextualFragment")),
    Sink(
        "query",
        re.compile(
            _COLLECTION + r"\.(?:find|findOne|findOneAndUpdate|findOneAndDelete|findOneAndReplace|deleteOne"
            r"|deleteMany|updateOne|updateMany|countDocuments|aggregate|exists|where)$"
        ),
    ),
    Sink("filter", method("or filter"), needs=re.compile(r"\.(?:i?like|eq|neq|gte?|lte?|cs|fts)\.")),
    Sink("store", method("insert upsert insertOne insertMany createMany bulkCreate findOrCreate create values set")),
    Sink("store", method("update findByIdAndUpdate findOneAndUpdate updateOne updateMany replaceOne"), (0, 1)),
    Sink("store", exactly("setDoc addDoc updateDoc"), (1,)),
    Sink("store", method("query execute run"), (1,), needs=_STORES),
)
#: Properties whose assignment acts: markup of a page, the address it goes to.
WRITTEN = {
    "innerHTML": "html",
    "outerHTML": "html",
    "srcdoc": "html",
    "dangerouslySetInnerHTML": "html",
    "href": "redirect",
    "location": "redirect",
}
