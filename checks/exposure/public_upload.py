"""
Files that people send are kept where or how they should not be.

A file under the name that its sender chose can overwrite another, leave its folder (`../../app.py`), or be a page that
runs in your visitors' browsers when the folder is served to everybody. Without a look at type and size, anybody fills
the disk or turns your address into a place for their files. A public bucket hands private files to whoever has a link.

It holds an app back where the sender's name decides the path, or where private files are made public. What is only
missing a limit is told as advice.

## How to fix
1. Make the name yourself: a random id and an ending from a list of those that you allow.
2. Keep files outside of folders that are served (public/, static/), in private storage, and hand them out through a
   route that asks who calls, or through signed links that end.
3. Look at the type (by content, not by name) and limit the size before the file is read.

## Fix prompt
The places listed below keep files that people send in an unsafe way. For each: make a new random name on the server
(crypto.randomUUID() or uuid4()) with an ending taken from a list of allowed types, never the sender's file name; store
it outside of public and static folders, or in a private bucket, and serve it through a route that checks the caller or
by a signed URL; refuse other types (look at the first bytes) and files beyond a limit, before writing; require a
login on the upload route. Add a test that a name like ../../x is refused and that an .html file is not served.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.database.data_words import holds_private_files
from checks.facts.uploads import Upload, Uploads
from checks.model import Confidence, Finding, Outcome, Placement, Severity

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
    examples=(
        Bad(
            {
                "app.py": "from flask import Flask, request\napp = Flask(__name__)\n"
                "UPLOAD_FOLDER = 'static/uploads'\n\n"
                "@app.route('/upload', methods=['POST'])\ndef upload():\n    f = request.files['file']\n"
                "    f.save(os.path.join(UPLOAD_FOLDER, f.filename))\n    return 'ok'\n"
            },
            says="out of its folder",
            line=8,
        ),
        Bad(
            {
                "main.py": "@app.post('/upload')\nasync def upload(file: UploadFile):\n"
                "    with open(f'uploads/{file.filename}', 'wb') as out:\n        out.write(await file.read())\n"
            },
            line=3,
        ),
        Bad(
            {
                "app/api/upload/route.ts": "export async function POST(request: Request) {\n"
                "  const data = await request.formData();\n  const file = data.get('file') as File;\n"
                "  const path = join(process.cwd(), 'public', 'uploads', file.name);\n"
                "  await writeFile(path, Buffer.from(await file.arrayBuffer()));\n"
                "  return Response.json({ ok: true });\n}\n"
            },
            line=4,
        ),
        Bad(
            {
                "server.js": "const storage = multer.diskStorage({\n  destination: './public/uploads',\n"
                "  filename: (req, file, cb) => cb(null, file.originalname),\n});\n"
                "const upload = multer({ storage });\n"
            },
            says="sender's own name",
            line=3,
        ),
        Good(
            {
                "app.py": "from werkzeug.utils import secure_filename\nf = request.files['f']\n"
                "ALLOWED_EXTENSIONS = {'png'}\n"
                "app.config['MAX_CONTENT_LENGTH'] = 1_000_000\nname = secure_filename(f.filename)\n"
                "f.save(os.path.join('uploads', name))\n"
            }
        ),
        Good(
            {
                "upload.js": "const upload = multer({ storage: multer.memoryStorage(), limits: { fileSize: 1e6 },\n"
                "  fileFilter: (req, file, cb) => cb(null, file.mimetype === 'image/png') });\n"
            }
        ),
        Good({"app.py": "print('hello')\n"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(uploads: Uploads, _others: OtherLanguages) -> Iterator[Finding]:
    """Yield each place that keeps a file under its sender's name, in the open, or without a look at it."""
    kept = {path: part for path, part in uploads.files.items() if part.takes or part.uploads or part.buckets}
    if not kept:
        raise NotApplicable("nothing that was read takes files that people send")
    for path, part in sorted(kept.items()):
        for upload in part.uploads:
            finding = _finding(path, upload, public=uploads.is_public(part))
            if finding is not None:
                yield finding
        for name, line in part.buckets:
            if holds_private_files(name):
                yield _told(path, line, f"Bucket {name} is made public: whoever has a link reads the file", sure=True)


def _finding(path: str, upload: Upload, *, public: bool) -> Finding | None:
    """Return what is to be said of *upload*, or None where it is kept well."""
    if upload.name == "kept" and upload.anywhere:
        message = "A file is written under the name that its sender chose: ../ in it leads out of its folder"
        return _told(path, upload.line, message, sure=True)
    missing = [what for what, has in (("type", upload.checked), ("size", upload.limited)) if not has]
    unseen = f", and nothing looks at its {' or '.join(missing)}" if missing else ""
    if upload.name == "kept" and public:
        message = f"A file is kept under its sender's own name in a folder that everybody can read{unseen}"
        return _told(path, upload.line, message, sure=not upload.checked)
    if public and not upload.checked:
        message = f"A file that people send is kept in a folder that everybody can read{unseen}: a page among them runs"
        return _told(path, upload.line, message, sure=False)
    return _told(path, upload.line, f"A file that people send is kept{unseen}", sure=False) if missing else None


def _told(path: str, line: int, message: str, *, sure: bool) -> Finding:
    return Finding(
        message,
        path=path,
        line=line,
        kind="upload",
        severity=Severity.HIGH if sure else Severity.LOW,
        confidence=Confidence.MEDIUM if sure else Confidence.LOW,
        blocking=sure,
        source=message,
    )
