"""Where the book is published, all of it derived from one setting: the repository's address in _config.yml.

The site is the branch `gh-pages`. Colab opens notebooks only from a branch of a repository, and Binder builds its
environment from one, so the notebooks have branches of their own: Binder would otherwise copy the whole site into
every image, and build the image anew whenever a sentence changes. There are two, because an exercise that needs NumPy
only shall not wait for an image with TensorFlow in it.
"""

from typing import NamedTuple
from urllib.parse import quote, urlsplit

PAGES, NOTEBOOKS, NUMPY_NOTEBOOKS = "gh-pages", "notebooks", "notebooks-numpy"


class Address(NamedTuple):
    """A repository on GitHub."""

    url: str            # without a slash at its end
    owner: str
    name: str

    @property
    def site(self):
        """The address of the published book, with a slash at its end, as GitHub Pages gives it."""
        host = f"{self.owner.lower()}.github.io"
        return f"https://{host}/" if self.name.lower() == host else f"https://{host}/{self.name}/"

    @property
    def base(self):
        """The path below which the site lives on its host: /NAME/, or / for an owner's only site."""
        return urlsplit(self.site).path

    @property
    def archive(self):
        """A zip of the branch with all notebooks and what they import."""
        return f"{self.url}/archive/refs/heads/{NOTEBOOKS}.zip"

    def colab(self, path):
        return f"https://colab.research.google.com/github/{self.owner}/{self.name}/blob/{NOTEBOOKS}/{quote(path)}"

    def binder(self, path, numpy_only):
        branch = NUMPY_NOTEBOOKS if numpy_only else NOTEBOOKS
        return f"https://mybinder.org/v2/gh/{self.owner}/{self.name}/{branch}?labpath={quote(path, safe='')}"


def address_of(url):
    """The Address behind `repository: url` of _config.yml. ValueError if it is not a repository on GitHub."""
    parts = urlsplit(url.strip().removesuffix("/").removesuffix(".git"))
    names = parts.path.strip("/").split("/")
    if parts.scheme != "https" or parts.netloc != "github.com" or len(names) != 2 or not all(names):
        raise ValueError(f"repository: url in _config.yml is https://github.com/OWNER/NAME, got {url!r}; Colab, Binder "
                         "and GitHub Pages find the notebooks and the site by it")
    return Address(f"https://github.com/{names[0]}/{names[1]}", *names)
