"""The built site in a real browser: `make check-book`.

A page that logs an error, fails to load something or asks another host fails the test that opened it.
"""

import functools
import gzip
import http.server
import os
import shutil
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SITE = ROOT / "_build" / "html"
NODE = ROOT / "_build" / "node" / "node_modules"
BASE = "/graded-digits"         # a project's pages on GitHub live below its name: an address from the root would break
REDIRECT = 'http-equiv="refresh"'
TEXT = {".html", ".css", ".js", ".mjs", ".json", ".svg", ".xml", ".txt", ".ipynb", ".wasm"}    # what GitHub compresses


@functools.lru_cache(maxsize=32)
def compressed(data):
    """Kept, for Python's 10 MB are asked for by many tests."""
    return gzip.compress(data, 6, mtime=0)


class Pages(http.server.SimpleHTTPRequestHandler):
    """Serves the site as GitHub Pages does: below the project's name, compressed, with its 404 page."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map,  # noqa: RUF012 (the base class' own form)
                      ".mjs": "text/javascript", ".wasm": "application/wasm", ".ipynb": "application/json"}
    folders = {BASE: SITE, "/pyodide": NODE / "pyodide"}  # noqa: RUF012

    def do_GET(self):
        path = self.path.partition("?")[0].partition("#")[0]
        file = self.find(path)
        status = 200 if file else 404
        file = file or SITE / "404.html"
        data = file.read_bytes() if file.exists() else b"not found"
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(str(file)))
        if file.suffix in TEXT and "gzip" in self.headers.get("Accept-Encoding", ""):
            data = compressed(data)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def find(self, path):
        for prefix, folder in self.folders.items():
            if path.startswith(f"{prefix}/"):
                file = (folder / path.removeprefix(f"{prefix}/")).resolve()
                file = file / "index.html" if file.is_dir() else file
                return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
        return None

    def log_message(self, *_):
        """Nothing: pytest shows what matters."""


class Server(http.server.ThreadingHTTPServer):
    """Says nothing about a browser that left before it had everything."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture(scope="session")
def site():
    """The address of the built site, without a slash at its end: site + "/lessons/02_activations/lesson.html"."""
    assert (SITE / "index.html").exists(), "the site is not built; run `make check-book`, which builds it first"
    server = Server(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{BASE}"
    server.shutdown()


@pytest.fixture(scope="session")
def serve(site):
    """serve("/name", folder): the server offers that folder, too; returns its address, without a slash at its end."""
    def serve(prefix, folder):
        Pages.folders[prefix] = folder
        return site.removesuffix(BASE) + prefix
    return serve


@pytest.fixture(scope="session")
def chromium():
    """The browser's executable."""
    # Chrome first: where Ubuntu keeps ordinary users from namespaces, only its own package may use its sandbox
    names = (os.environ.get("CHROMIUM"), "google-chrome", "chromium", "chromium-browser", "chrome")
    found = next(filter(None, (shutil.which(name) for name in names if name)), None)
    assert found, "no Chromium or Chrome was found; install one, or let CHROMIUM name its executable"
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium):
    flags = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]
    return {"executable_path": chromium, "args": [*flags, *(["--no-sandbox"] if os.geteuid() == 0 else [])]}


def faults_of(page, site):
    """A list that grows with what the page does and should not; a test that expects some of it takes it out."""
    faults = []
    host = site.removesuffix(BASE)
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    # What a page had not yet loaded when the reader left it is no fault of the page
    page.on("requestfailed", lambda request: None if request.failure == "net::ERR_ABORTED"
            else faults.append(f"failed: {request.url} {request.failure}"))
    page.on("request", lambda request: None if request.url.startswith((host, "data:", "blob:"))
            else faults.append(f"asks another host: {request.url}"))
    return faults


@pytest.fixture(autouse=True)
def faults(request, site):
    """What `page` did wrong so far; whatever is left at the end fails the test."""
    found = faults_of(request.getfixturevalue("page"), site) if "page" in request.fixturenames else []
    yield found
    assert found == []


@pytest.fixture
def phone(browser, site):
    """A page on a small screen with touch, as strict as `page`."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True,
                                  device_scale_factor=2)
    page = context.new_page()
    found = faults_of(page, site)
    yield page
    context.close()
    assert found == []


@pytest.fixture
def weigh(page):
    """weigh(): {address: bytes} of all that `page` received so far, as sent: compressed, with headers."""
    client = page.context.new_cdp_session(page)
    addresses, weights = {}, {}
    client.on("Network.requestWillBeSent", lambda sent: addresses.update({sent["requestId"]: sent["request"]["url"]}))
    client.on("Network.loadingFinished", lambda got: weights.update({got["requestId"]: got["encodedDataLength"]}))
    client.send("Network.enable")
    return lambda: {addresses.get(request, "?"): weight for request, weight in weights.items()}


@pytest.fixture
def axe():
    """axe(page, within="body"): the rules of axe-core that the page breaks, each with the elements concerned."""
    script = (NODE / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    def run(page, within="body"):
        page.evaluate(script)
        found = page.evaluate("""async selector => {
            const {violations} = await axe.run(selector, {resultTypes: ["violations"]});
            return violations.map(({id, help, nodes}) => ({id, help, nodes: nodes.slice(0, 5).map(node => node.html)}));
        }""", within)
        return [f"{v['id']}: {v['help']}: " + "; ".join(html[:200] for html in v["nodes"]) for v in found]

    return run


def all_pages():
    """{name: text} of every page of the site."""
    return {str(page.relative_to(SITE)): page.read_text(encoding="utf-8") for page in sorted(SITE.rglob("*.html"))
            if "_static" not in page.parts}


@pytest.fixture(scope="session")
def site_pages():
    """{name: text} of the pages that a reader sees: all but redirects."""
    return {name: text for name, text in all_pages().items() if REDIRECT not in text}


def pytest_generate_tests(metafunc):
    """A test that asks for `page_name` runs for every page of the site."""
    if "page_name" in metafunc.fixturenames:
        names = [name for name, text in all_pages().items() if REDIRECT not in text]
        metafunc.parametrize("page_name", names)
