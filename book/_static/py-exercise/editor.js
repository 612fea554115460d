// A textarea that is pleasant for a few lines of Python: numbered lines, indentation kept, the Tab key left to the browser.
const STEP = 4;

// `box` is the element to show and `area` the textarea in it; `mark(line)` points out a line, `goTo(line)` selects it.
// Behind the textarea lies the same text, wrapped alike: it gives the box its height and carries the numbers.
export function editor(label, text) {
  const box = document.createElement("div");
  box.className = "py-exercise-editor";
  const behind = document.createElement("div");
  behind.setAttribute("aria-hidden", "true");
  const area = document.createElement("textarea");
  Object.assign(area, { value: text, spellcheck: false, autocomplete: "off", rows: 1 });
  for (const [name, value] of [["aria-label", label], ["autocapitalize", "off"], ["autocorrect", "off"], ["translate", "no"]]) {
    area.setAttribute(name, value);
  }
  box.append(behind, area);
  let wrong = 0;

  function layOut() {
    behind.replaceChildren(...area.value.split("\n").map((line, index) => {
      const copy = document.createElement("div");
      copy.dataset.number = index + 1;
      copy.className = index + 1 === wrong ? "py-exercise-wrong" : "";
      const shape = document.createElement("span");
      shape.textContent = `${line}\u200b`;      // an empty line is a line high, too
      copy.append(shape);
      return copy;
    }));
  }

  area.addEventListener("input", () => {
    wrong = 0;
    layOut();
  });
  area.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const before = area.value.slice(area.value.lastIndexOf("\n", area.selectionStart - 1) + 1, area.selectionStart);
    if (event.key === "Enter" && !event.shiftKey) {
      const deeper = before.trimEnd().endsWith(":") ? STEP : 0;
      event.preventDefault();
      type(area, `\n${/^ */.exec(before)[0]}${" ".repeat(deeper)}`);
    } else if (event.key === "Backspace" && area.selectionStart === area.selectionEnd && /^ {2,}$/.test(before)) {
      event.preventDefault();
      area.selectionStart -= (before.length - 1) % STEP + 1;
      type(area, "");
    }
  });
  layOut();
  return {
    box,
    area,
    set(value) {
      area.value = value;
      wrong = 0;
      layOut();
    },
    mark(line) {
      wrong = line;
      layOut();
    },
    goTo(line) {
      const lines = area.value.split("\n");
      const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
      area.focus();
      area.setSelectionRange(start, start + lines[line - 1].length);
    },
  };
}

// Replaces the selection as if it were typed, so that Ctrl+Z takes it back.
function type(area, text) {
  const done = document.execCommand(text ? "insertText" : "delete", false, text);
  if (done) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input"));
}
