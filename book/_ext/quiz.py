"""A question whose every option answers back: `quiz`, built on <details>, so it needs no script and no mouse.

    :::{quiz} Which of these may be negative?
    (x) a logit
    : A logit is any real number.

    ( ) a probability
    : A probability lies between 0 and 1.
    :::

Each option is the term of a definition list, (x) marks the one that is right, the definition is its feedback.
"""

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

VERDICTS = {True: "Right.", False: "Not this one."}


class quiz(nodes.Element):
    """The whole question; its first child is the question's text, the others are options."""


class quiz_option(nodes.Element):
    """One option: a paragraph to click, a container of feedback.  `right` tells whether it is the answer."""


class QuizDirective(SphinxDirective):
    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {"name": directives.unchanged}  # noqa: RUF012 (docutils' own convention)

    def run(self):
        self.assert_has_content()
        body = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, body)
        options = [option_from(item) for item in body.findall(nodes.definition_list_item)]
        if None in options or len(options) < 2 or sum(option["right"] for option in options) != 1:
            raise self.error(
                "a quiz needs at least two options, each a line that starts with ( ) or (x) and below it a "
                f"line ': feedback', and exactly one (x); found {len(options)} in {self.arguments[0]!r}")
        serial = f"quiz-{self.env.new_serialno('quiz')}"
        text, messages = self.state.inline_text(self.arguments[0], self.lineno)
        question = nodes.paragraph("", "", *text, ids=[f"{serial}-question"], classes=["quiz-question"])
        node = quiz("", question, *options, ids=[serial])
        self.add_name(node)
        return [node, *messages]


def option_from(item):
    """The quiz_option made of one term and its definition, or None if it is not marked or says nothing."""
    term = item.next_node(nodes.term)
    feedback = item.next_node(nodes.definition)
    mark = term.next_node(nodes.Text)
    if feedback is None or not feedback.astext().strip() or str(mark)[:4] not in ("(x) ", "( ) "):
        return None
    right = mark.startswith("(x) ")
    mark.parent.replace(mark, nodes.Text(mark[4:]))
    verdict = nodes.strong("", VERDICTS[right], classes=["quiz-verdict"])
    first = feedback.next_node(nodes.paragraph)
    first.insert(0, [verdict, nodes.Text(" ")])
    label = nodes.paragraph("", "", *term.children, classes=["quiz-label"])
    answer = nodes.container("", *feedback.children, classes=["quiz-feedback"])
    return quiz_option("", label, answer, right=right)


def visit_quiz(self, node):
    question = node[0]["ids"][0]
    self.body.append(self.starttag(node, "div", CLASS="quiz", role="group", **{"aria-labelledby": question}))


def depart_quiz(self, node):
    self.body.append("</div>\n")


def visit_option(self, node):
    kind = "quiz-option quiz-right" if node["right"] else "quiz-option"
    label = node.pop(0)
    self.body.append(f'<details class="{kind}"><summary>')
    for child in label.children:
        child.walkabout(self)
    self.body.append("</summary>\n")


def depart_option(self, node):
    self.body.append("</details>\n")


def skip(self, node):
    """Other builders print question, options and feedback one below the other."""


def setup(app):
    others = dict.fromkeys(("latex", "text", "man", "texinfo"), (skip, skip))
    app.add_node(quiz, html=(visit_quiz, depart_quiz), **others)
    app.add_node(quiz_option, html=(visit_option, depart_option), **others)
    app.add_directive("quiz", QuizDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
