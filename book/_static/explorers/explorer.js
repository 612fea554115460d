/* What all explorers share.  An explorer is one module, book/_static/explorers/KIND.js:

    import {mount, axes, linear, styles, number} from "./explorer.js";

    mount("parabola", (explorer) => {
      const {curve} = explorer.need("curve");              // from data; a missing name becomes an error in words
      explorer.title("A parabola");
      const x = explorer.slider({label: "x", min: -2, max: 2, step: 0.1, value: 1});
      const which = explorer.buttons({label: "Sign", options: [{value: 1, label: "plus"}, {value: -1, label: "minus"}],
        value: 1});
      const stage = explorer.stage({label: "The parabola", pick: (at) => x.set(at)});
      explorer.show(() => {                                // draws everything; returns what one sees, in a sentence
        const plot = axes(stage, {x: linear(-2, 2), y: linear(-4, 4), xlabel: "x", title: "square"});
        plot.line(curve, styles[0]);
        plot.mark(x.value, which.value * x.value ** 2, styles[0]);
        return `At x = ${number(x.value)} the square is ${number(x.value ** 2)}.`;
      });
    });

`mount(kind, build)` finds the page's explorers of that kind and calls build(explorer) for each.  The function given to
`explorer.show` runs at once, when a control changes, and when the width changes.  The sentence it returns takes the
place of the summary, and is said aloud once the reader pauses.  If anything throws, the drawing is taken away, the
summary comes back, and a line says what is wrong.

explorer.data        the data, parsed
explorer.need(...names)   the data, or an error that names what is not there
explorer.title(text)      a visible title, which also names the whole for screen readers
explorer.row({columns, into})   lays out what is put `into` it side by side where there is room: in columns of at least
                          that width, or without `columns` one after the other
explorer.add(node, into)  any element of your own; `element(tag, attributes, ...children)` makes one
explorer.slider({label, value, min, max, step | values, text, into})
                     text(value) is shown beside it and spoken; `values` is a list to slide along (for uneven steps,
                     logarithms, words).  -> {value, set(value), input}; set takes the nearest value there is
explorer.buttons({label, options, value, many, into})
                     options: [{value, label, style}]; one is pressed, or with `many` any number and value is a list.
                     A style puts its line into the button, which makes the buttons the legend.  -> {value, set(value)}
explorer.button({label, press, into})     one action.  -> the <button>
explorer.table({columns, label, into})    -> {fill(rows)}; a row is a list of texts or elements, the first its header
explorer.stage({label, pick, into})       where to draw, as wide as its place.  -> {width, draw(height, ...elements),
                     plot, element}; `axes` calls draw.  pick(x, y) hears where a finger or mouse points, in units of
                     the last axes; it repeats what a control can do, since keys do not reach it
explorer.changed()   after changing something of your own: draw and tell again

controls.js: nearest(list, value), the place in the list that is closest to a value.
plot.js: svg(tag, attributes, ...children), styles[0..4], swatch(style), marker(x, y, style, {hollow}), number(value,
digits), linear(low, high), log(low, high), axes(stage, {x, y, height, title, xlabel, left, xticks, yticks}) -> plot
with line, mark, rule, label, and svg, px, py for your own drawing on top of it. */

export * from "./plot.js";
export {element, nearest} from "./controls.js";
import {svg} from "./plot.js";
import {buttons, element, identity, slider, table} from "./controls.js";

export const still = matchMedia("(prefers-reduced-motion: reduce)");    // .matches: move nothing by itself
const QUIET = 700;    // ms without a change before a sentence is said aloud, so that a moving slider is not talked over

export function mount(kind, build) {
  for (const root of document.querySelectorAll(`.explorer[data-kind="${kind}"]`)) {
    const body = element("div", {class: "explorer-body"});
    const status = element("p", {class: "explorer-status", role: "status"});
    const summary = root.querySelector(".explorer-summary"), fallback = summary.textContent;
    const numbers = root.querySelector(".explorer-table");
    const fail = (error) => {
      clearTimeout(status.waiting);
      body.remove();
      status.remove();
      summary.textContent = fallback;
      numbers?.removeAttribute("hidden");
      root.removeAttribute("role");
      root.removeAttribute("aria-labelledby");
      root.append(element("p", {class: "explorer-error", role: "alert"},
        `There should be something to play with here, but it did not start: ${error.message}. The text above says ` +
        "what it would show; loading the page again may help."));
      console.error(`explorer ${kind}:`, error);
    };
    try {
      const explorer = new Explorer(root, body, fail, (sentence, first) => {
        summary.textContent = sentence;
        clearTimeout(status.waiting);
        if (!first) status.waiting = setTimeout(() => { status.textContent = sentence; }, QUIET);
      });
      build(explorer);
      root.prepend(body);
      root.append(status);
      numbers?.setAttribute("hidden", "");
      explorer.changed();
    } catch (error) {
      fail(error);
    }
  }
}

class Explorer {
  constructor(root, body, fail, tell) {
    Object.assign(this, {root, body, fail, tell, render: null, told: false, stages: []});
    this.data = parsed(root.querySelector("script[type='application/json']")?.textContent);
  }

  need(...names) {
    const missing = names.filter((name) => this.data[name] === undefined);
    if (missing.length) throw new Error(`its data should have ${names.join(", ")}, and lacks ${missing.join(", ")}`);
    return this.data;
  }

  show(render) { this.render = render; }

  changed() {
    if (!this.render || !this.body.isConnected || this.stages.some((stage) => stage.measure() < 1)) return;
    try {
      this.tell(this.render(), !this.told);
      this.told = true;
    } catch (error) {
      this.render = null;
      this.fail(error);
    }
  }

  add(node, into = this.body) {
    into.append(node);
    return node;
  }

  title(text) {
    const id = identity();
    this.body.prepend(element("p", {class: "explorer-title", id}, text));
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-labelledby", id);
  }

  row({columns, into} = {}) {
    const kind = columns ? {class: "explorer-row explorer-columns", style: `--explorer-column: ${columns}`}
      : {class: "explorer-row"};
    return this.add(element("div", kind), into);
  }

  slider(options) {
    const {node, control} = slider(options, () => this.changed());
    this.add(node, options.into);
    return control;
  }

  buttons(options) {
    const {node, control} = buttons(options, () => this.changed());
    this.add(node, options.into);
    return control;
  }

  button({label, press, into}) {
    const button = element("button", {type: "button", class: "explorer-action"}, label);
    button.addEventListener("click", press);
    return this.add(button, into);
  }

  table(options) {
    const {node, control} = table(options);
    this.add(node, options.into);
    return control;
  }

  stage({label, pick, into}) {
    const holder = this.add(element("div", {class: "explorer-stage"}), into);
    const stage = {
      element: holder, width: 0, plot: null,
      measure: () => { stage.width = Math.floor(holder.clientWidth); return stage.width; },
      draw: (height, ...children) => holder.replaceChildren(svg("svg", {role: "img", "aria-label": label,
        width: stage.width, height, viewBox: `0 0 ${stage.width} ${height}`}, ...children)),
    };
    this.stages.push(stage);
    new ResizeObserver(() => { if (holder.clientWidth !== stage.width) this.changed(); }).observe(holder);
    if (pick) pointed(holder, (x, y) => stage.plot && pick(...stage.plot.invert(x, y)));
    return stage;
  }
}

function parsed(text) {
  if (text === undefined) throw new Error("its data is missing from the page");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`its data is not JSON (${error.message})`, {cause: error});
  }
}

// Calls hear(x, y), in pixels of the holder, for a press and for every move until it ends.
function pointed(holder, hear) {
  const tell = (event) => {
    const box = holder.getBoundingClientRect();
    hear(event.clientX - box.left, event.clientY - box.top);
  };
  holder.classList.add("explorer-pick");
  holder.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    holder.setPointerCapture(event.pointerId);
    tell(event);
  });
  holder.addEventListener("pointermove", (event) => { if (holder.hasPointerCapture(event.pointerId)) tell(event); });
}
