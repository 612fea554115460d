// Sliders, buttons and tables for explorers.  Used through explorer.js, which tells how; each comes as {node, control}.
import {swatch, number} from "./plot.js";

let serial = 0;

// An id that nothing else on the page has.
export function identity() {
  return `explorer-${serial += 1}`;
}

// An HTML element: element("p", {class: "note"}, "text", child).
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// The place in the list that is closest to a value.
export function nearest(list, value) {
  const exact = list.indexOf(value);
  if (exact >= 0) return exact;
  return list.reduce((best, each, index) => (Math.abs(each - value) < Math.abs(list[best] - value) ? index : best), 0);
}

export function slider({label, value, min, max, step = 1, values, text = number}, changed) {
  const id = identity();
  const range = values ? {min: 0, max: values.length - 1, step: 1} : {min, max, step};
  const input = element("input", {type: "range", id, autocomplete: "off", ...range});    // a reload begins anew
  const shown = element("span", {class: "explorer-value", "aria-hidden": "true"});       // aria-valuetext says it
  const places = (String(step).split(".")[1] ?? "").length;
  const read = () => {
    control.value = values ? values[Number(input.value)] : Number(Number(input.value).toFixed(places));
    shown.textContent = text(control.value);
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  const put = (wanted) => {
    input.value = values ? nearest(values, wanted) : wanted;
    read();
  };
  const control = {input, value, set: (wanted) => { put(wanted); changed(); }};
  input.addEventListener("input", () => { read(); changed(); });
  put(value);
  return {node: element("div", {class: "explorer-slider"}, element("label", {for: id}, label), shown, input), control};
}

export function buttons({label, options, value, many = false}, changed) {
  const id = identity(), all = options.map((option) => option.value);
  const made = options.map((option) => element("button", {type: "button"},
    ...(option.style ? [swatch(option.style)] : []), option.label));
  const put = (wanted) => {
    control.value = many ? all.filter((each) => wanted.includes(each)) : wanted;
    all.forEach((each, index) => made[index].setAttribute("aria-pressed",
      many ? wanted.includes(each) : wanted === each));
  };
  const control = {value, set: (wanted) => { put(wanted); changed(); }};
  const press = (pressed) => {
    if (!many) return pressed;
    const others = control.value.filter((each) => each !== pressed);
    return others.length < control.value.length ? others : [...others, pressed];
  };
  made.forEach((button, index) => button.addEventListener("click", () => control.set(press(all[index]))));
  put(value);
  return {node: element("div", {class: "explorer-buttons", role: "group", "aria-labelledby": id},
    element("span", {id, class: "explorer-label"}, label), ...made), control};
}

export function table({columns, label}) {
  const rows = element("tbody");
  const head = columns.map((column) => element("th", {scope: "col"}, column));
  const fill = (content) => rows.replaceChildren(...content.map(([first, ...rest]) => element("tr", {},
    element("th", {scope: "row"}, ...[first].flat()), ...rest.map((cell) => element("td", {}, ...[cell].flat())))));
  const whole = element("table", {class: "explorer-table"}, element("caption", {}, label),
    element("thead", {}, element("tr", {}, ...head)), rows);
  return {node: element("div", {class: "explorer-scroll"}, whole), control: {fill}};
}
