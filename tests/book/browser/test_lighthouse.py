"""Lighthouse's word on accessibility, good practice and search engines; never on speed, which is another each time.

One page of each kind, on Lighthouse's phone: it starts a browser for each, which takes its time.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

LIGHTHOUSE = Path(__file__).parents[3] / "_build/node/node_modules/.bin/lighthouse"
WANTED = {"accessibility": 1, "best-practices": 0.95, "seo": 1}
FLAGS = ["--headless", "--disable-gpu", "--disable-background-networking",
         *(["--no-sandbox"] if os.geteuid() == 0 else [])]
PAGES = {
    "the landing page": "book/index.html",
    "a lesson": "lessons/02_activations/lesson.html",
    "a guide": "book/students.html",
    "the reference": "book/solutions.html",
}


def shortcomings(report):
    """What costs the page points, each with the places that Lighthouse names."""
    for name, least in WANTED.items():
        category = report["categories"][name]
        if (category["score"] or 0) < least:
            yield f"{name}: at least {least:.0%} is wanted, {category['score'] or 0:.0%} came"
            failed = [report["audits"][part["id"]] for part in category["auditRefs"] if part["weight"]]
            for audit in failed:
                if audit["score"] is not None and audit["score"] < 1:
                    places = json.dumps(audit.get("details", {}).get("items", []))[:600]
                    yield f"{name}: {audit['title']} {audit.get('explanation', '')} {places}"


@pytest.mark.parametrize("page_kind", list(PAGES))
def test_lighthouse_finds_nothing_to_mend_on(site, chromium, page_kind):
    command = [str(LIGHTHOUSE), f"{site}/{PAGES[page_kind]}", "--quiet", "--output=json", "--output-path=stdout",
               f"--only-categories={','.join(WANTED)}", f"--chrome-flags={' '.join(FLAGS)}",
               "--no-enable-error-reporting"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300,
                          env={**os.environ, "CHROME_PATH": chromium})
    assert done.returncode == 0, f"Lighthouse did not finish on {PAGES[page_kind]}: {done.stderr[-2000:]}"
    found = list(shortcomings(json.loads(done.stdout)))
    assert not found, "\n".join([PAGES[page_kind], *found])
