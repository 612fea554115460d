// Optimizers race on a map of the loss, all at one rate.
//
// data: rules, names; rates; steps, how many a race has; maps: each a name, frame ([low, high] across and upwards),
// lines (a list a level, the first a hundredth of the loss at the start; a line is w1, w2, w1, w2, ...) and
// runs[rule][rate]: w1, w2 and loss after each step, the start included. A run that is lost ends there: from its last
// step on the loss stays above a thousand times that at the start.
import {mount, axes, element, linear, number, still, styles, svg, swatch} from "./explorer.js";

const PACE = 110;    // ms a step while playing
const MAP_LINE = {colour: "var(--explorer-5)", dash: ""};

mount("optimizers", (explorer) => {
  const {rules, rates, steps, maps} = explorer.need("rules", "rates", "steps", "maps");
  explorer.title("Four rules, one rate");
  const place = explorer.buttons({label: "Map", value: maps[0].name,
    options: maps.map(({name}) => ({value: name, label: name}))});
  const runners = explorer.buttons({label: "Rules", many: true, value: rules,
    options: rules.map((rule, index) => ({value: rule, label: rule, style: styles[index]}))});
  const stage = explorer.stage({label: "Map of the loss with the path of each rule; the table tells how far each has come"});
  explorer.add(element("p", {class: "optimizers-note"},
    "Each line joins points of equal loss. On the thick one the loss is a hundredth of that at the start."));
  const sliders = explorer.row({columns: "15rem"});
  const rate = explorer.slider({label: "Rate of all rules", values: rates, value: 0.01, into: sliders});
  const step = explorer.slider({label: "Steps taken", min: 0, max: steps, value: steps, text: String, into: sliders});
  const actions = explorer.add(element("div", {class: "explorer-buttons"}));
  const play = explorer.button({label: "Play", into: actions, press: () => (timer ? pause() : start())});
  const go = (goal) => {
    pause();
    step.set(goal);
  };
  explorer.button({label: "One step", into: actions, press: () => go(Math.min(step.value + 1, steps))});
  explorer.button({label: "Back to the start", into: actions, press: () => go(0)});
  const losses = explorer.table({columns: ["rule", "loss", "how it goes"], label: "After these steps, at this rate"});
  step.input.addEventListener("input", pause);

  let timer = 0;
  function pause() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  }
  function start() {
    if (still.matches) return step.set(steps);    // whoever wants no motion sees where it ends
    if (step.value >= steps) step.set(0);
    play.textContent = "Pause";
    timer = setInterval(() => {
      if (!stage.element.isConnected || step.value + 1 >= steps) pause();
      step.set(step.value + 1);
    }, PACE);
  }

  explorer.show(() => {
    const map = maps.find(({name}) => name === place.value);
    const [across, upwards] = map.frame, chosen = rates.indexOf(rate.value);
    const plot = axes(stage, {x: linear(...across), y: linear(...upwards), xlabel: "w₁", title: "w₂ against w₁",
      height: Math.max(250, Math.min(400, 0.56 * stage.width))});
    map.lines.forEach((level, index) => level.forEach((line) =>
      plot.line(pairs(line), MAP_LINE, {width: index ? 1 : 2, faint: index > 0})));
    const states = rules
      .map((rule, index) => ({rule, style: styles[index], ...stateAfter(map.runs[index][chosen], step.value, map.frame)}))
      .filter(({rule}) => runners.value.includes(rule));
    for (const {path, style} of states) {
      plot.line(path, style, {width: 1.75});
      for (const [a, b] of path) if (within([a, b], map.frame)) plot.svg.append(dot(plot.px(a), plot.py(b), style));
    }
    for (const {path, style} of states) if (within(path.at(-1), map.frame)) plot.mark(...path.at(-1), style);
    losses.fill(states.map(({rule, style, lost, loss, verdict}) =>
      [[swatch(style), rule], lost ? "–" : number(loss), verdict]));
    return told(states, map.name, rate.value, step.value);
  });
});

// Where a run is after some steps: its path; its loss, which is a share of the first one; lost, the step from which the
// loss stays above a thousand times the first, if that has come; a verdict.
function stateAfter(run, steps, frame) {
  const path = run.w1.slice(0, steps + 1).map((w1, index) => [w1, run.w2[index]]);
  const end = run.loss.length - 1;
  const lost = run.lost && steps >= end ? end : 0;
  const loss = run.loss[Math.min(steps, end)], share = loss / run.loss[0];
  const [, verdict] = [[lost, `diverges: lost at step ${lost}`], [steps === 0, "at the start"],
    [share < 0.01, "below a hundredth"], [share > 1, "higher than at the start"],
    [!within(path.at(-1), frame), "off the map"], [true, "on its way"]].find(([holds]) => holds);
  return {path, loss, first: run.loss[0], share, lost, verdict};
}

function told(states, place, rate, steps) {
  const at = `at rate ${number(rate)} on the map “${place}”`;
  if (!states.length) return "No rule is chosen.";
  if (steps === 0) return `All stand at the start of the map “${place}”, at a loss of ${number(states[0].loss)}.`;
  const good = states.filter(({lost}) => !lost).sort((a, b) => a.loss - b.loss);
  const best = good.length
    ? `${good[0].rule} has the lowest loss, ${number(good[0].loss)}, of ${number(states[0].first)} at the start`
    : "no rule is left on its way";
  const low = good.filter(({share}) => share < 0.01), lost = states.filter((state) => state.lost);
  return [`After ${steps} ${steps === 1 ? "step" : "steps"} ${at}, ${best}.`,
    low.length ? `Below a hundredth of the start: ${list(low)}.` : "None is below a hundredth of the start.",
    lost.length ? `${list(lost)} ${lost.length > 1 ? "diverge" : "diverges"}.` : "None diverges."].map(capital).join(" ");
}

function list(states) {
  return states.map(({rule}) => rule).join(", ").replace(/, ([^,]*)$/, " and $1");
}

function capital(sentence) {
  return sentence[0].toUpperCase() + sentence.slice(1);
}

function pairs(flat) {
  return Array.from({length: flat.length / 2}, (_, index) => [flat[2 * index], flat[2 * index + 1]]);
}

function within(point, frame) {
  return point.every((value, axis) => value >= frame[axis][0] && value <= frame[axis][1]);
}

function dot(x, y, style) {
  return svg("circle", {cx: x, cy: y, r: 2.2, fill: style.colour});
}
