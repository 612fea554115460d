// The network's answer in words and in a table.

import { ranking } from "./network.js";

export function percent(share) {
  if (share > 0.995) return ">\u00a099\u00a0%";
  if (share < 0.005) return "<\u00a01\u00a0%";
  return `${Math.round(100 * share)}\u00a0%`;
}

// For the ear: the pen's place, if the keyboard has it, and the two most probable digits.
export function spoken(pen, probabilities) {
  const parts = [];
  if (pen) parts.push(`Pen ${pen.down ? "down" : "up"}, row ${pen.y}, column ${pen.x}.`);
  if (probabilities) {
    const [first, second] = ranking(probabilities);
    parts.push(`Read as ${first}, ${percent(probabilities[first])}; then ${second}, ${percent(probabilities[second])}.`);
  } else {
    parts.push("The pad is empty.");
  }
  return parts.join(" ");
}

// The bars, the numbers and the mark at the best row; empty if there are no probabilities.
export function fillTable(rows, probabilities) {
  const best = probabilities && ranking(probabilities)[0];
  rows.forEach((row, digit) => {
    const share = probabilities?.[digit] ?? 0;
    row.classList.toggle("digit-pad-best", digit === best);
    row.querySelector(".digit-pad-bar").style.width = `${100 * share}%`;
    row.querySelector(".digit-pad-share").textContent = probabilities ? percent(share) : "";
  });
}

// How far one digit leads another, and what that makes of their probabilities.
export function leadInWords(first, second, lead) {
  const times = Math.exp(lead);
  const ratio = times < 10 ? times.toFixed(1) : times < 1e6 ? Math.round(Number(times.toPrecision(2))).toLocaleString("en")
    : "more than a million";
  return `Each unit votes. All votes and the biases together put ${first} ahead of ${second} by ${lead.toFixed(1)}, which ` +
    `softmax makes ${ratio} times as probable.`;
}
