"""Execute the pages that are not in the cache before Sphinx reads them, several at a time.

MyST-NB executes a page when it comes to it, one after the other, and most of that time one core is busy. This puts the
results into its cache first. A page that fails is left to MyST-NB, which stops the build and says where.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.read import create_nb_reader
from sphinx.util import logging

# One page a core: with matrices this small, further threads of a page cost more than they bring
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
LOGGER = logging.getLogger(__name__)


def execute_ahead(app, env, docnames):
    """Fill the cache for the pages about to be read."""
    config = env.mystnb_config
    if config.execution_mode != "cache":
        return
    cache = get_cache(config.execution_cache_path)
    waiting = []
    for path in (Path(env.doc2path(name)) for name in docnames):
        text = path.read_text(encoding="utf-8")
        reader = create_nb_reader(str(path), env.myst_config, config, text)
        if reader is not None:
            notebook = reader.read(text)
            try:
                cache.match_cache_notebook(notebook)
            except KeyError:
                waiting.append((path, notebook))

    def execute(page):
        path, notebook = page
        return path, notebook, single_nb_execution(notebook, cwd=str(path.parent), allow_errors=False,
                                                   timeout=config.execution_timeout, meta_override=True)

    with ThreadPoolExecutor(cores()) as pool:
        # The last lessons train the most networks: begun first, none of them is left over for one core at the end
        for path, notebook, result in pool.map(execute, reversed(waiting)):
            if result.err is None:
                bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": result.time})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
                LOGGER.info("executed %s in %.0f s", path.relative_to(app.srcdir), result.time)


def cores():
    """How many pages to execute at a time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def setup(app):
    for name in THREADS:
        os.environ.setdefault(name, "1")
    app.connect("env-before-read-docs", execute_ahead)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
