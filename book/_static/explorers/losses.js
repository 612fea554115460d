// Losses: what cross-entropy and squared error charge for one sigmoid output whose target is 1, how hard each pushes
// its logit, and where gradient descent leads.
//
// data.start: p and logit, where one may begin, and loss and push there, {name: values}; data.steps: {name: for each
// start the probabilities after 0, 1, 2, ... steps}; data.grid: logit, p, loss and push for the curves.
import {mount, axes, linear, nearest, styles, number} from "./explorer.js";

mount("losses", (explorer) => {
  const {start, steps, grid} = explorer.need("start", "steps", "grid");
  const losses = Object.keys(steps).map((name, index) => ({name, style: styles[index]}));
  const most = steps[losses[0].name][0].length - 1;

  explorer.title("What a loss charges, and how hard it pushes");
  const choices = explorer.row();
  const shown = explorer.buttons({label: "Losses shown", many: true, into: choices, value: losses.map(({name}) => name),
    options: losses.map(({name, style}) => ({value: name, label: name, style}))});
  const across = explorer.buttons({label: "Along the axis", value: "p", into: choices,
    options: [{value: "p", label: "probability"}, {value: "logit", label: "logit"}]});
  const first = explorer.slider({label: "Probability p of the right answer", values: start.p, value: 0.01});
  const panels = explorer.row({columns: "15rem"});
  const pick = (at) => first.set(start.p[nearest(start[across.value], at)]);
  const charge = explorer.stage({label: "Loss against what the output says", pick, into: panels});
  const force = explorer.stage({label: "Push on the logit against what the output says", pick, into: panels});
  const count = explorer.slider({label: "Steps of gradient descent from there", min: 0, max: most, value: 20});
  const walk = explorer.stage({label: "Probability against the number of steps", pick: (at) => count.set(at)});

  explorer.show(() => {
    const at = start.p.indexOf(first.value), drawn = losses.filter(({name}) => shown.value.includes(name));
    const x = across.value === "p" ? linear(0, 1) : linear(grid.logit[0], grid.logit.at(-1));
    const xlabel = across.value === "p" ? "probability p" : "logit";
    for (const [stage, part, y, title] of [[charge, "loss", linear(0, 7), "loss"],
      [force, "push", linear(0, 1), "push on the logit"]]) {
      const plot = axes(stage, {x, y, title, xlabel, height: 200, left: 38});
      plot.rule({x: start[across.value][at]});
      for (const {name, style} of drawn) {
        plot.line(grid[across.value].map((each, index) => [each, grid[part][name][index]]), style);
      }
      for (const {name, style} of drawn) plot.mark(start[across.value][at], start[part][name][at], style);
    }
    const plot = axes(walk, {x: linear(0, most), y: linear(0, 1), height: 200, left: 38,
      title: "probability p after the steps", xlabel: "steps"});
    plot.rule({x: count.value});
    for (const {name, style} of drawn) {
      plot.line(steps[name][at].map((p, step) => [step, p]), style);
      plot.mark(count.value, steps[name][at][count.value], style);
    }
    if (!drawn.length) return "No loss is shown. Press the button of one to see it.";
    const now = drawn.map(({name}) => `${name} is ${number(start.loss[name][at])} ` +
      `and pushes with ${number(start.push[name][at])}`);
    const then = drawn.map(({name}) => `${number(steps[name][at][count.value])} by ${name}`);
    const taken = count.value === 1 ? "1 step" : `${count.value} steps`;
    return `At p = ${number(first.value)}, a logit of ${number(start.logit[at])}, ${now.join("; ")}. ` +
      (count.value ? `After ${taken} p is ${then.join(" and ")}.` : "No step is taken yet.");
  });
});
