"""One version in the address of every script of a folder: a browser never mixes the files of two builds.

Sphinx puts a checksum behind the script that a page names, not behind what this one imports, and a server lets browsers
keep all of them for a while.
"""

import hashlib
import re
from pathlib import Path

FOLDERS = ("digit-pad", "explorers", "py-exercise")       # below _static, each with modules that import each other
REFERENCE = re.compile(r'((?:\bfrom|\bnew URL\() ?")((?:\./)?[\w-]+\.(?:js|py))(?:\?v=\w+)?"')
IN_PAGE = re.compile(rf'(/_static/({"|".join(FOLDERS)})/[\w-]+\.js)\?v=\w+')


def version_of(folder):
    """Eight digits that change when a file of the folder does."""
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        digest.update(f"{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:8]


def with_version(code, version):
    """A module's code in which the files beside it are asked for in this version."""
    return REFERENCE.sub(rf'\g<1>\g<2>?v={version}"', code)


def add_versions(app, exception):
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    versions = {}
    for name in FOLDERS:
        versions[name] = version_of(Path(app.srcdir) / "book" / "_static" / name)
        for module in (out / "_static" / name).glob("*.js"):
            module.write_text(with_version(module.read_text(encoding="utf-8"), versions[name]), encoding="utf-8")
    for page in out.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        better = IN_PAGE.sub(lambda found: f"{found[1]}?v={versions[found[2]]}", text)
        if better != text:
            page.write_text(better, encoding="utf-8")


def setup(app):
    app.connect("build-finished", add_versions, priority=960)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
