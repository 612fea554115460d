"""A docstring of this repository as Markdown: its prose is nearly that already, with LaTeX and code in it.

What is added: lines such as `z: (batch, classes) -> the same shape` become a list of names and meanings, names of the
repository's own become links, and what Markdown would take for HTML is escaped.
"""

import re
import textwrap

CODE = re.compile(r"(\{[\w:]+\}`[^`]+`|`[^`]+`|\$[^$]+\$)")
ARROW = re.compile(r"\s*->\s*")
ERRORS = r"[A-Z]\w*Error(?: or [A-Z]\w*Error)*"
RESULT = "returns"


def markdown(text, names=(), resolve=lambda name: None):
    """The docstring in Markdown.

    names: parameters or fields, whose lines become a list; resolve(name): the full name of one of the repository's
    own, or None.
    """
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip()):
        if blocks and block.startswith("    ") and blocks[-1].startswith("    "):
            blocks[-1] += f"\n\n{block}"        # an example is indented, and may hold empty lines
        else:
            blocks.append(block)
    parts = []
    for number, block in enumerate(blocks):
        if block.startswith("    "):
            parts.append(f"```python\n{textwrap.dedent(block)}\n```")
        elif re.match(r"(-|\d+\.) ", block):
            parts.append(prose(block, resolve))
        else:
            parts += [prose(part, resolve) if isinstance(part, str) else listing(part, resolve)
                      for part in split_lists(block, names if number or len(blocks) == 1 else ())]
    return "\n\n".join(parts)


def split_lists(block, names):
    """A paragraph as the prose (text) and the lists of (name, meaning) in it, in their order."""
    known = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or r"(?!)"
    group = rf"(?:{known})(?:, (?:{known}))*|{ERRORS}"
    start = re.compile(rf"(?:^|(?<=\n)|(?<=\.)\s+)({group}): ", re.MULTILINE)
    parts, at = [], 0
    while match := start.search(block, at):
        if before := block[at:match.start()].strip():
            parts.append(before)
        end = re.compile(rf"\.(?=\s|$)(?!\s+(?:{group}): )").search(block, match.end())
        at = end.end() if end else len(block)
        items = entries(block[match.start(1):at], group)
        if parts and isinstance(parts[-1], list):
            parts[-1] += items
        else:
            parts.append(items)
    if rest := block[at:].strip():
        parts.append(rest)
    return parts


def entries(text, group):
    """(names, meaning) pairs of a sentence such as "d: a gradient, z: the input -> the shape of both."."""
    text = re.sub(rf"(;\s+)({group}) is ", r"\1\2: ", text)
    pieces = re.split(rf"(?:^|[,;.]\s+)({group}): ", text.strip().removesuffix("."))[1:]
    found = []
    for name, meaning in zip(pieces[::2], pieces[1::2], strict=True):
        meaning, *result = ARROW.split(" ".join(meaning.split()), maxsplit=1)
        found.append((name, meaning))
        found += [(RESULT, result[0])] if result else []
    return found


def listing(pairs, resolve):
    """A definition list, in a container that the style sheet knows."""
    terms = [name if name == RESULT else re.sub(r"\w+(?<!\bor)", r"`\g<0>`", name) for name, _ in pairs]
    items = [f"{term}\n: {prose(meaning, resolve)}" for term, (_, meaning) in zip(terms, pairs, strict=True)]
    return "\n".join([":::{container} entries", *("\n" + item for item in items), ":::"])


def prose(text, resolve):
    """Running text: names of the repository's own become links, arrows are drawn, nothing is taken for HTML."""
    parts = []
    for part in CODE.split(text):
        if part.startswith("{") and part.endswith("`"):     # a role, quoted
            parts.append(f"`` {part} ``")
        elif part.startswith("`"):
            full = resolve(part.strip("`"))
            parts.append(f"{{py:obj}}`{part.strip('`')} <{full}>`" if full else part)
        elif part.startswith("$"):
            parts.append(" ".join(part.split()))
        else:
            parts.append(re.sub(r"([<*_\[\]])", r"\\\1", part.replace("->", "→").replace("...", "…")))
    return "".join(parts)
