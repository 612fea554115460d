// Puts an editor, buttons and results into every exercise of the page; Python is loaded by the first run.
import { editor } from "./editor.js";
import { Python } from "./python.js";

const pythons = new Map();

function pythonOf({ pyodide, seconds }) {
  if (!pythons.has(pyodide)) pythons.set(pyodide, new Python(new URL(pyodide, location.href).href, Number(seconds)));
  return pythons.get(pyodide);
}

function element(tag, name, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = `py-exercise-${name}`;
  made.append(...children);
  return made;
}

function button(text, name) {
  const made = element("button", name, text);
  made.type = "button";
  return made;
}

// What the reader wrote, kept in this browser only; a browser that keeps nothing is no obstacle.
function storeOf(name) {
  const key = `py-exercise ${location.pathname} ${name}`;
  const attempt = (action) => {
    try {
      return action();
    } catch {
      return null;
    }
  };
  return {
    read: () => attempt(() => localStorage.getItem(key)),
    write: (text) => attempt(() => localStorage.setItem(key, text)),
    remove: () => attempt(() => localStorage.removeItem(key)),
  };
}

function setUp(section) {
  const task = JSON.parse(section.querySelector("script[type='application/json']").textContent);
  const store = storeOf(task.function);
  const python = pythonOf(section.dataset);
  const code = editor(`Your code for ${task.function}`, store.read() ?? task.stub);
  const run = button("Run the checks", "run");
  const stop = button("Stop", "stop");
  const reset = button("Reset", "reset");
  const hint = element("span", "hint", "or Ctrl+Enter");
  const status = element("p", "status");
  const list = element("ul", "list");
  const output = element("div", "output");    // no <pre>: the theme would take those that do not scroll yet out of the Tab order
  const printed = element("div", "printed", element("p", "printed-title", "Printed"), output);
  const results = element("div", "results", status, list, printed);
  status.setAttribute("role", "status");
  output.tabIndex = 0;
  output.setAttribute("role", "region");
  output.setAttribute("aria-label", "Printed");
  stop.hidden = list.hidden = printed.hidden = true;
  const load = section.querySelector(".py-exercise-load");
  load.hidden = false;
  section.querySelector(".py-exercise-stub").replaceWith(code.box, element("div", "bar", run, stop, reset, hint), load, results);

  let signal = null;      // of the run that is going on
  let thrownAway = null;  // what Reset took, until the reader types again

  function save() {
    thrownAway = null;
    reset.textContent = "Reset";
    if (code.area.value === task.stub) store.remove();
    else store.write(code.area.value);
  }

  code.area.addEventListener("input", save);
  reset.addEventListener("click", () => {
    const text = thrownAway ?? task.stub;
    const before = thrownAway === null ? code.area.value : null;
    code.set(text);
    save();
    clear();
    thrownAway = before === text ? null : before;
    reset.textContent = thrownAway === null ? "Reset" : "Undo the reset";
    status.textContent = thrownAway === null ? "" : "The code is as it was given.";
  });
  section.addEventListener("toggle", (event) => {     // folded, no block scrolled, and the theme took it out of the Tab order
    for (const block of event.target.querySelectorAll("pre")) block.tabIndex = block.scrollWidth > block.clientWidth ? 0 : -1;
  }, true);
  section.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      start();
    }
  });
  run.addEventListener("click", start);
  stop.addEventListener("click", () => {
    signal?.abort();
    run.focus();
  });

  function clear() {
    status.textContent = output.textContent = "";
    list.replaceChildren();
    list.hidden = printed.hidden = true;
    code.mark(0);
  }

  // The lines of the reader's code that a problem names, each a button that leads there.
  function places(lines) {
    return lines.map(([number, name, text]) => {
      const link = button(`line ${number}`, "line");
      link.addEventListener("click", () => code.goTo(number));
      return element("p", "place", link, name ? ` in ${name}: ` : ": ", element("code", "", text));
    });
  }

  function point(lines) {
    if (lines.length) code.mark(lines.at(-1)[0]);
  }

  function show(name, { passed, message, lines = [] }) {
    const title = element("p", "verdict", element("strong", "", passed ? "Passed" : "Failed"), " ", element("code", "", name));
    const item = element("li", passed ? "passed" : "failed", title);
    if (!passed) item.append(element("p", "message", message), ...places(lines));
    list.append(item);
    list.hidden = false;
    return item;
  }

  async function start() {
    if (signal) return;
    clear();
    signal = new AbortController();
    run.setAttribute("aria-disabled", "true");
    stop.hidden = false;
    status.textContent = python.busy ? "Waiting for another run on this page to end." : "Starting.";
    let current = "";
    const verdicts = [];
    let problem = null;
    const listen = {
      loading: (what) => { status.textContent = `Loading ${what}; the first run needs some seconds.`; },
      running: () => {
        status.textContent = "Running.";
        for (const note of document.querySelectorAll(".py-exercise-load")) note.remove();
      },
      output: (text) => {
        printed.hidden = false;
        output.append(text);
      },
      error: (found) => { problem = found; },
      check: (name) => { current = name; },
      verdict: (found) => {
        verdicts.push(found);
        show(current, found);
        if (!found.passed && verdicts.every((each) => each.passed || each === found)) point(found.lines);
        current = "";
      },
    };
    const { function: name, given, checks } = task;
    const { how, detail } = await python.run(task.packages, { function: name, given, checks, code: code.area.value },
      (kind, value) => listen[kind](value), signal.signal);
    signal = null;
    run.removeAttribute("aria-disabled");
    stop.hidden = true;
    if (problem) {
      const item = element("li", "failed", element("p", "message", problem.message), ...places(problem.lines));
      list.append(item);
      list.hidden = false;
      point(problem.lines);
    }
    status.replaceChildren(...ending(how, detail, problem, verdicts, current));
  }

  function ending(how, detail, problem, verdicts, current) {
    const where = current ? `the check ${current}` : "your code";
    const passed = verdicts.filter((found) => found.passed).length;
    if (how === "finished" && problem) return ["Your code does not run yet, so nothing was checked."];
    if (how === "finished" && passed === task.checks.length) {
      return [`${passed === 1 ? "The visible check has" : `All ${passed} visible checks have`} passed.`];
    }
    if (how === "finished") return [`${passed} of ${task.checks.length} checks passed.`];
    if (how === "stopped") return ["Stopped. The next run starts Python anew."];
    if (how === "late") {
      return [`Stopped after ${section.dataset.seconds} seconds, while ${where} was running. `
        + "Is there a loop that never ends? The next run starts Python anew."];
    }
    if (how === "broken") return [`Python itself gave up (${detail}). The next run starts it anew.`];
    const guide = section.dataset.guide;
    const link = element("a", "", "the notebook works without");
    link.href = guide;
    return [`Python could not be loaded from ${new URL(section.dataset.pyodide, location.href).host}. `
      + "Is there a connection, and is the browser up to date? Run again to try once more", ...(guide ? ["; ", link] : []), "."];
  }
}

for (const section of document.querySelectorAll(".py-exercise")) setUp(section);
