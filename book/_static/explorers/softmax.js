// Softmax: probabilities of a few logits, with one number added to all of them, by the formula as textbooks print it
// and with the row shifted first.
//
// data: logits, to begin with; shifts, the numbers that may be added.
import {mount, axes, linear, marker, number, styles, svg} from "./explorer.js";

const WAYS = [["shifted", styles[0], stable], ["textbook", styles[1], textbook]];

mount("softmax", (explorer) => {
  const {logits, shifts} = explorer.need("logits", "shifts");
  explorer.title("Softmax, and a number that is added to every logit");
  const row = explorer.row({columns: "14rem"});
  const inputs = logits.map((value, index) => explorer.slider({label: `Logit of class ${index}`, min: -5, max: 5,
    step: 0.5, value, into: row}));
  const shift = explorer.slider({label: "Added to every logit", values: shifts, value: 0});
  const bars = explorer.stage({label: "Bars of the probabilities of every class, computed in two ways"});
  const table = explorer.table({label: "With the number added",
    columns: ["class", "logit", "exp", ...WAYS.map(([name]) => name)]});

  explorer.show(() => {
    const z = inputs.map((input) => input.value + shift.value);
    const results = WAYS.map(([, , way]) => way(z));
    draw(bars, results);
    table.fill(z.map((each, index) => [String(index), number(each, 5), number(Math.exp(each)),
      ...results.map((result) => (Number.isNaN(result[index]) ? "nan" : number(result[index])))]));
    return told(shift.value, ...results);
  });
});

function textbook(z) {
  const e = z.map(Math.exp), sum = e.reduce((a, b) => a + b);
  return e.map((each) => each / sum);
}

function stable(z) {
  const largest = Math.max(...z);
  return textbook(z.map((each) => each - largest));
}

function draw(stage, results) {
  const band = 44, count = results[0].length;
  const plot = axes(stage, {x: linear(0, 1), y: linear(count, 0), yticks: [], height: count * band + 80, left: 64,
    title: WAYS.map(([name, {colour}], way) => svg("tspan", {style: `fill: ${colour}`, dx: 16 * way},
      `${"●■"[way]} ${name}`)), xlabel: "probability"});
  for (let index = 0; index < count; index += 1) {
    plot.label(0, index + 0.5, `class ${index}`, {anchor: "end", dx: -8, dy: 4.5});
    results.forEach((result, way) => {
      const style = WAYS[way][1], middle = plot.py(index) + band * (way ? 0.68 : 0.32);
      const wide = Number.isFinite(result[index]);
      const end = wide ? plot.px(result[index]) : plot.left;
      plot.svg.append(svg("path", {d: `M${plot.left} ${middle}H${end}`, stroke: style.colour, "stroke-width": 9}),
        marker(end, middle, style));
      if (!wide) plot.label(0, index, "not a number", {style, dx: 12, dy: band * 0.68 + 4.5});
    });
  }
}

function told(shift, right, wrong) {
  const list = (result) => result.map((each) => number(each)).join(", ");
  const added = shift === 0 ? "With nothing added" : `With ${number(shift)} added to every logit`;
  const worst = Math.max(...right.map((each, index) => Math.abs(each - wrong[index])));
  if (worst < 5e-4) return `${added}, both ways give the probabilities ${list(right)}, which sum to 1.`;
  const failure = wrong.every(Number.isNaN) ? "not a number for any class" : list(wrong);
  return `${added}, the textbook formula gives ${failure}; shifted first, the probabilities are still ${list(right)}.`;
}
