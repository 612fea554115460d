// Activations: value and slope at one z, and what is left of a gradient of 1 after a number of layers.
//
// data: z, evenly spaced; curves, {name: {value, slope}}, each as long as z, slopes in whole billionths; depth, the
// largest number of layers.
import {mount, axes, linear, log, styles, number, swatch} from "./explorer.js";

const FLOOR = 1e-12;     // the smallest gradient that is drawn
const JUMP = 0.5;        // two neighbouring slopes that differ by more belong to a corner of the curve

mount("activations", (explorer) => {
  const {z, curves, depth} = explorer.need("z", "curves", "depth");
  const all = Object.keys(curves).map((name, index) => ({name, style: styles[index], value: curves[name].value,
    slope: curves[name].slope.map((billionths) => billionths / 1e9)}));

  explorer.title("What an activation lets through");
  const shown = explorer.buttons({label: "Functions shown", many: true, value: all.map(({name}) => name),
    options: all.map(({name, style}) => ({value: name, label: name, style}))});
  const input = explorer.slider({label: "Input z", values: z, value: 2});
  const panels = explorer.row({columns: "15rem"});
  const pick = (at) => input.set(at);
  const value = explorer.stage({label: "Curves of the values against z", pick, into: panels});
  const slope = explorer.stage({label: "Curves of the slopes against z", pick, into: panels});
  const layers = explorer.slider({label: "Layers, each at this z", min: 1, max: depth, value: 10});
  const rest = explorer.stage({label: "What is left of a gradient of 1, against the number of layers that it passed",
    pick: (at) => layers.set(at)});
  const table = explorer.table({label: "At this z, and after so many layers",
    columns: ["function", "value", "slope", "left"]});

  explorer.show(() => {
    const at = z.indexOf(input.value), functions = all.filter(({name}) => shown.value.includes(name));
    const x = linear(z[0], z.at(-1));
    for (const [stage, part, y] of [[value, "value", linear(-2, 3)], [slope, "slope", linear(0, 1.1)]]) {
      const plot = axes(stage, {x, y, title: part, xlabel: "z", height: 200, left: 38});
      plot.rule({x: input.value});
      for (const each of functions) plot.line(cornered(z, each[part]), each.style);
      for (const each of [...functions].reverse()) plot.mark(input.value, each[part][at], each.style);
    }
    const left = (each, count) => each.slope[at] ** count;
    const plot = axes(rest, {x: linear(0, depth), y: log(FLOOR, 1), height: 220, left: 48,
      title: "what is left of a gradient of 1", xlabel: "layers"});
    plot.rule({x: layers.value});
    const counts = Array.from({length: depth + 1}, (_, count) => count);
    for (const each of functions) {
      plot.line(counts.map((count) => [count, Math.max(left(each, count), FLOOR / 1e6)]), each.style);
    }
    for (const each of [...functions].reverse()) plot.mark(layers.value, left(each, layers.value), each.style);
    table.fill(functions.map((each) => [[swatch(each.style), each.name], number(each.value[at]),
      number(each.slope[at]), number(left(each, layers.value), 2)]));
    if (!functions.length) return "No function is shown. Press the button of one to see it.";
    return `At z = ${number(input.value)} the slope is ${listed(functions, (each) => number(each.slope[at]))}. ` +
      `After ${counted(layers.value)} at this z, a gradient of 1 has become ` +
      `${listed(functions, (each) => number(left(each, layers.value), 2))}.`;
  });
});

// Points of a curve; where it jumps, one branch ends and the other begins at the same x.
function cornered(x, y) {
  return x.flatMap((each, index) => (Math.abs(y[index + 1] - y[index]) > JUMP
    ? [[each, y[index]], [each, NaN], [each, y[index + 1]]] : [[each, y[index]]]));
}

// "1 for ReLU and leaky ReLU, 0.105 for sigmoid, 0.0707 for tanh"
function listed(functions, text) {
  const names = new Map();
  for (const each of functions) names.set(text(each), [...(names.get(text(each)) ?? []), each.name]);
  return [...names].map(([result, same]) => `${result} for ${same.join(" and ")}`).join(", ");
}

function counted(layers) {
  return layers === 1 ? "1 layer" : `${layers} layers`;
}
