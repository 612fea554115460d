// The epochs of one training, and what the network says at each of them.
//
// data: loss, accuracy, val_loss, val_accuracy, one number an epoch; best, the place of the lowest val_loss;
// digits: each a label and says, ten probabilities an epoch; picture: their images one below the other, an address.
import {mount, axes, element, linear, number, styles, svg, swatch} from "./explorer.js";

const BARS = {width: 140, height: 66, top: 6, foot: 15};

mount("epochs", (explorer) => {
  const {loss, accuracy, val_loss, val_accuracy, best, digits, picture} = explorer.need(
    "loss", "accuracy", "val_loss", "val_accuracy", "best", "digits", "picture");
  const epochs = loss.length;
  const lines = [{label: "training", style: styles[1]}, {label: "held out", style: styles[0]}];
  explorer.title("One training, epoch by epoch");
  const curves = explorer.row({columns: "15rem"});
  explorer.add(element("p", {class: "epochs-key"}, ...lines.flatMap(({label, style}) => [swatch(style), ` ${label} `])));
  const pick = (x) => epoch.set(Math.max(1, Math.min(epochs, Math.round(x))));
  const stages = ["loss", "accuracy"].map((name) => explorer.stage({into: curves, pick,
    label: `${name} on training and held-out images against the epoch; the sentence below quotes it`}));
  const epoch = explorer.slider({label: "Epoch", min: 1, max: epochs, value: best + 1,
    text: (value) => `${value} of ${epochs}`});
  const actions = explorer.add(element("div", {class: "explorer-buttons"}));
  explorer.button({label: "Lowest loss", into: actions, press: () => epoch.set(best + 1)});
  explorer.button({label: "Last epoch", into: actions, press: () => epoch.set(epochs)});
  const cards = digits.map(({label}, index) => card(label, index / Math.max(digits.length - 1, 1)));
  explorer.add(element("ul", {class: "epochs-digits", style: `--picture: url(${picture})`},
    ...cards.map(({item}) => item)));

  explorer.show(() => {
    const now = epoch.value - 1;
    const pairs = [[[loss, val_loss], linear(0, 0.5)], [[accuracy, val_accuracy], linear(0.86, 1)]];
    pairs.forEach(([curvesOf, y], panel) => {
      const plot = axes(stages[panel], {x: linear(1, epochs), y, xlabel: "epoch", title: ["loss", "accuracy"][panel],
        height: curves.clientWidth > 600 ? 230 : 190, xticks: [1, 10, 20, 30, 40].filter((tick) => tick <= epochs)});
      plot.rule({x: epoch.value});
      curvesOf.forEach((curve, index) => plot.line(curve.map((value, at) => [at + 1, value]), lines[index].style));
      curvesOf.forEach((curve, index) => {
        if (curve[now] >= y.low && curve[now] <= y.high) plot.mark(epoch.value, curve[now], lines[index].style);
      });
    });
    const said = digits.map(({says}, index) => cards[index].fill(says[now]));
    const right = said.filter((answer) => answer.right).length;
    const sure = said.reduce((sum, answer) => sum + answer.sure, 0) / said.length;
    const height = now === best ? "its lowest" : `the lowest was ${number(val_loss[best])} after epoch ${best + 1}`;
    return `After epoch ${epoch.value} the loss on held-out images is ${number(val_loss[now])} (${height}) and their ` +
      `accuracy ${percent(val_accuracy[now], 1)}; the training loss of that epoch was ${number(loss[now])}. Of these ` +
      `${digits.length} digits the network reads ${right} rightly, and is ${percent(sure)} sure of its answers on average.`;
  });
});

// One digit with its ten probabilities; place is that of its image in the picture, 0 at the top and 1 at the bottom.
// fill(probabilities) shows them -> {right, sure}.
function card(label, place) {
  const image = element("span", {class: "explorer-digit", role: "img", "aria-label": `handwritten ${label}`,
    style: `background-position: 0 ${100 * place}%`});
  const words = element("div");
  const bars = svg("svg", {role: "img", viewBox: `0 0 ${BARS.width} ${BARS.height}`});
  const item = element("li", {}, image, words, bars);
  const fill = (probabilities) => {
    const sure = Math.max(...probabilities), answer = probabilities.indexOf(sure), right = answer === label;
    words.replaceChildren(element("span", {}, `${article(label)} ${label},`), element("span", {}, `called ${answer}`),
      element("span", {class: right ? "epochs-right" : "epochs-wrong"}, right ? "right" : "wrong", `, ${percent(sure)}`));
    const told = probabilities.map((value, digit) => (value >= 0.005 ? [`${digit} ${percent(value)}`] : [])).flat();
    bars.setAttribute("aria-label", `Probabilities: ${told.join(", ")}`);
    bars.replaceChildren(...probabilities.flatMap((value, digit) => bar(value, digit, digit === label)));
    return {right, sure};
  };
  return {item, fill};
}

// A bar and the digit below it; the true digit's is filled, the others' are hollow.
function bar(value, digit, isTrue) {
  const step = BARS.width / 10, x = digit * step, foot = BARS.height - BARS.foot, high = value * (foot - BARS.top);
  const style = styles[isTrue ? 0 : 1];
  return [
    svg("rect", {x: x + 2.5, y: foot - high, width: step - 5, height: high, stroke: style.colour, "stroke-width": 1.5,
      fill: isTrue ? style.colour : "none"}),
    svg("text", {x: x + step / 2, y: BARS.height - 3, "text-anchor": "middle", class: isTrue ? "epochs-true" : ""},
      String(digit)),
  ];
}

function article(digit) {
  return digit === 8 ? "an" : "a";
}

function percent(share, digits = 0) {
  return `${(100 * share).toFixed(digits)}\u00a0%`;
}
