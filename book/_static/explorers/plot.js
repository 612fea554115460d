// Drawing for explorers: SVG elements, scales, line styles and axes.  Used through explorer.js, which tells how.

const SVG = "http://www.w3.org/2000/svg";
let clips = 0;

// An SVG element: svg("circle", {cx: 3, r: 2}, ...children); text becomes a text node.
export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Five styles that differ by dash and marker as well as by colour; the colours are in explorer.css.
export const styles = [["", "circle"],
  ["9 4", "square"], ["9 3 2 3", "triangle"], ["2 3", "diamond"], ["14 4 4 4", "cross"]]
  .map(([dash, shape], index) => ({colour: `var(--explorer-${index + 1})`, dash, shape}));

const SHAPES = {
  circle: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z", square: "M-4.5-4.5h9v9h-9Z", triangle: "M0-6L5.5 4.5h-11Z",
  diamond: "M0-6.5L6 0L0 6.5L-6 0Z", cross: "M-5-2h3v-3h4v3h3v4h-3v3h-4v-3h-3Z",
};

// A marker of a style; hollow, to tell a beginning from an end.
export function marker(x, y, style, {hollow = false} = {}) {
  return svg("path", {d: SHAPES[style.shape], transform: `translate(${x} ${y})`, stroke: style.colour,
    "stroke-width": 2, fill: hollow ? "var(--pst-color-background)" : style.colour});
}

// A short piece of line with its marker, for buttons and tables.
export function swatch(style) {
  const line = svg("path", {d: "M1 8H35", stroke: style.colour, "stroke-width": 2.5, "stroke-dasharray": style.dash});
  const size = {width: 36, height: 16};
  return svg("svg", {class: "explorer-swatch", ...size, "aria-hidden": "true"}, line, marker(18, 8, style));
}

// A number to read: 0.0196, −3.2, 9.54 × 10⁻⁷.
export function number(value, digits = 3) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value < 0 ? "−∞" : "∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    return `${Number(mantissa)} × 10${superscript(Number(exponent))}`.replace(/^(-?)1 × /, "$1").replace("-", "−");
  }
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

function superscript(exponent) {
  return String(exponent).replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);
}

// A scale maps the values low..high to 0..1; ticks(count) are about that many round values, at most.
export function linear(low, high) {
  return {
    low, high, format: number, at: (value) => (value - low) / (high - low), invert: (part) => low + part * (high - low),
    ticks(count) {
      const rough = (high - low) / Math.max(count, 1);
      const unit = 10 ** Math.floor(Math.log10(rough));
      const step = unit * [1, 2, 5, 10].find((factor) => factor * unit >= rough * (1 - 1e-9));
      const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
      return Array.from({length: last - first + 1}, (_, index) => Number(((first + index) * step).toPrecision(12)));
    },
  };
}

export function log(low, high) {
  const first = Math.log10(low), last = Math.log10(high);
  return {
    low, high, at: (value) => (Math.log10(value) - first) / (last - first),
    invert: (part) => 10 ** (first + part * (last - first)),
    format: (value) => (value >= 1e-3 && value < 1e4 ? number(value)
      : `10${superscript(Math.round(Math.log10(value)))}`),
    ticks(count) {
      const step = Math.max(1, Math.ceil((last - first) / Math.max(count, 1)));
      const top = Math.floor(last + 1e-9), places = Math.floor((top - first + 1e-9) / step) + 1;
      return Array.from({length: places}, (_, index) => 10 ** (top - (places - 1 - index) * step));
    },
  };
}

// Axes with ticks, grid and labels, drawn anew into a stage; what it returns draws in the units of the data.  A title
// is text or a list of SVG <tspan>s; lengths are pixels.
export function axes(stage, {x, y, height = 250, title = "", xlabel = "", left = 52, xticks, yticks}) {
  const {width} = stage, right = 14, top = title ? 32 : 14, bottom = xlabel ? 48 : 30;
  const px = (value) => left + x.at(value) * (width - left - right);
  const py = (value) => height - bottom - y.at(value) * (height - top - bottom);
  const frame = svg("g", {class: "explorer-axes"}), clip = `explorer-clip-${clips += 1}`;
  const text = (content, at, more) => svg("text", {x: at[0], y: at[1], ...more}, ...[content].flat());
  for (const tick of xticks ?? x.ticks(Math.floor(width / 75))) {
    frame.append(svg("path", {class: "explorer-grid", d: `M${px(tick)} ${py(y.low)}V${py(y.high)}`}),
      text(x.format(tick), [px(tick), height - bottom + 18], {"text-anchor": "middle"}));
  }
  for (const tick of yticks ?? y.ticks(Math.floor(height / 50))) {
    frame.append(svg("path", {class: "explorer-grid", d: `M${px(x.low)} ${py(tick)}H${px(x.high)}`}),
      text(y.format(tick), [left - 8, py(tick) + 4.5], {"text-anchor": "end"}));
  }
  frame.append(svg("path", {class: "explorer-axis", d: `M${left} ${top}V${height - bottom}H${width - right}`}));
  if (title) frame.append(text(title, [2, 17], {class: "explorer-heading"}));
  if (xlabel) frame.append(text(xlabel, [(left + width - right) / 2, height - 9], {"text-anchor": "middle"}));
  const inside = svg("g", {"clip-path": `url(#${clip})`}), above = svg("g");
  const area = svg("rect", {x: left - 2, y: top - 2, width: width - left - right + 4,
    height: height - top - bottom + 4});
  stage.draw(height, svg("clipPath", {id: clip}, area), frame, inside, above);

  const plot = {
    x, y, px, py, left, right: width - right, top, bottom: height - bottom, svg: above,
    invert: (atX, atY) => [x.invert((atX - left) / (width - left - right)),
      y.invert((height - bottom - atY) / (height - top - bottom))],
    // points: [[x, y], ...]; a point without a finite place interrupts the line
    line(points, style, {width: thick = 2.5, faint = false} = {}) {
      let pen = "M", d = "";
      for (const [a, b] of points) {
        const place = [px(a), py(b)];
        const finite = place.every(Number.isFinite);
        if (finite) d += `${pen}${place[0].toFixed(1)} ${place[1].toFixed(1)}`;
        pen = finite ? "L" : "M";
      }
      inside.append(svg("path", {d, fill: "none", stroke: style.colour, "stroke-width": thick,
        "stroke-dasharray": style.dash, "stroke-linejoin": "round", opacity: faint ? 0.45 : 1}));
    },
    // nothing where the place lies outside the axes
    mark(a, b, style, more) {
      const within = [x.at(a), y.at(b)].every((part) => part > -0.001 && part < 1.001);
      if (within) above.append(marker(px(a), py(b), style, more));
    },
    // a thin line across the whole plot: rule({x: 1}) or rule({y: 0})
    rule({x: a, y: b}) {
      const d = a === undefined ? `M${left} ${py(b)}H${width - right}` : `M${px(a)} ${top}V${height - bottom}`;
      inside.append(svg("path", {class: "explorer-rule", d}));
    },
    // text beside a place; dx, dy in pixels; style gives it a line's colour
    label(a, b, content, {style, anchor = "start", dx = 0, dy = 0} = {}) {
      const fill = style ? {style: `fill: ${style.colour}`} : {};
      above.append(text(content, [px(a) + dx, py(b) + dy], {"text-anchor": anchor, ...fill}));
    },
  };
  stage.plot = plot;
  return plot;
}
