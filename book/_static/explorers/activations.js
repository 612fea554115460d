// Activations: values and slopes at one z, and what is left of a gradient after a number of layers.
//
// data: z, an even grid; curves: {name: {value, slope}}, each as long as z; depth, the largest number of layers;
// crossing, the |z| beyond which tanh lets less through than the sigmoid.
import {mount, axes, linear, log, styles, number, swatch} from "./explorer.js";

const FLOOR = 1e-12;    // the lowest gradient in the drawing

mount("activations", (explorer) => {
  const {z, curves, depth} = explorer.need("z", "curves", "depth");
  const names = Object.keys(curves);
  const style = Object.fromEntries(names.map((name, index) => [name, styles[index]]));
  explorer.title("Four activations, and what they let through");
  const shown = explorer.buttons({label: "Show", many: true, value: names,
    options: names.map((name) => ({value: name, label: name, style: style[name]}))});
  const sliders = explorer.row();
  const input = explorer.slider({label: "Input z", values: z, value: 2, into: sliders});
  const layers = explorer.slider({label: "Layers", min: 1, max: depth, value: 10, into: sliders});
  const panels = explorer.row({columns: "15rem"});
  const pick = (at) => input.set(Math.round(at * 10) / 10);
  const value = explorer.stage({label: "Value against z", pick, into: panels});
  const slope = explorer.stage({label: "Slope against z", pick, into: panels});
  const left = explorer.stage({label: "What is left of a gradient against the layers it passed",
    pick: (at) => layers.set(at)});
  const table = explorer.table({label: "At this z", columns: ["function", "value", "slope", "left of 1"]});

  explorer.show(() => {
    const at = z.indexOf(input.value), x = linear(z[0], z.at(-1));
    const drawn = names.filter((name) => shown.value.includes(name));
    for (const [stage, part, y, title] of [[value, "value", linear(-2, 3), "value"], [slope, "slope", linear(-0.1, 1.1), "slope"]]) {
      const plot = axes(stage, {x, y, title, xlabel: "z", height: 220, left: 40});
      plot.rule({x: input.value});
      for (const name of drawn) plot.line(z.map((each, index) => [each, curves[name][part][index]]), style[name]);
      for (const name of drawn) plot.mark(input.value, curves[name][part][at], style[name]);
    }
    const passed = (name, count) => curves[name].slope[at] ** count;
    const plot = axes(left, {x: linear(0, depth), y: log(FLOOR, 10), height: 260, left: 56,
      title: "what is left of a gradient of 1, weights aside", xlabel: "layers passed, each at this z"});
    plot.rule({x: layers.value});
    for (const name of drawn) {
      plot.line(Array.from({length: depth + 1}, (_, count) => [count, Math.max(passed(name, count), FLOOR / 100)]), style[name]);
      if (passed(name, layers.value) >= FLOOR) plot.mark(layers.value, passed(name, layers.value), style[name]);
    }
    table.fill(drawn.map((name) => [[swatch(style[name]), name], number(curves[name].value[at]),
      number(curves[name].slope[at]), number(passed(name, layers.value))]));
    return drawn.length ? `At z = ${number(input.value)}.` : "Show a function to see its curve.";
  });
});
