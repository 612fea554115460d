// A confusion matrix whose cells open.
//
// data: matrix, counts with true digits in rows; picture: images one below the other, an address; cells: for
// "row,column" the images shown, each [its place in the picture, probability of the column's digit, of the row's].
import {mount, element} from "./explorer.js";

const WORDS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];

mount("confusion", (explorer) => {
  const {matrix, cells, picture} = explorer.need("matrix", "cells", "picture");
  const rows = matrix.map(sum), columns = matrix.map((_, j) => sum(matrix.map((row) => row[j])));
  const images = Object.values(cells).flat().length;
  let chosen = commonest(matrix);

  explorer.title("Which digit was called what");
  const show = explorer.buttons({label: "Each cell shows", value: "count", options: [
    {value: "count", label: "how many"}, {value: "row", label: "% of its row (recall)"},
    {value: "column", label: "% of its column (precision)"}]});
  const halves = explorer.row({columns: "19rem"});
  const {grid, places, heads, sides} = gridOf(matrix.length);
  grid.classList.toggle("confusion-thousands", Math.max(...matrix.flat()) > 999);
  explorer.add(element("div", {class: "explorer-scroll"}, grid), halves);
  const heap = explorer.add(element("div", {class: "confusion-heap", style: `--picture: url(${picture})`}), halves);

  const choose = (i, j) => {
    chosen = [i, j];
    explorer.changed();
    places[i][j].focus();
  };
  grid.addEventListener("click", (event) => {
    const place = event.target.closest("[data-cell]");
    if (place) choose(...place.dataset.cell.split(",").map(Number));
  });
  grid.addEventListener("keydown", (event) => {
    const [i, j] = chosen, last = matrix.length - 1;
    const goal = {
      ArrowUp: [i - 1, j], ArrowDown: [i + 1, j], ArrowLeft: [i, j - 1], ArrowRight: [i, j + 1], PageUp: [0, j],
      PageDown: [last, j], Home: [event.ctrlKey ? 0 : i, 0], End: [event.ctrlKey ? last : i, last],
    }[event.key];
    if (!goal) return;
    event.preventDefault();
    choose(...goal.map((place) => Math.max(0, Math.min(last, place))));
  });

  explorer.show(() => {
    const [row, column] = chosen;
    places.forEach((line, i) => line.forEach((place, j) => {
      const part = matrix[i][j] / (show.value === "column" ? columns[j] : rows[i]) || 0;
      place.textContent = show.value === "count" ? String(matrix[i][j]) : (100 * part).toFixed(0);
      // Mistakes are few: a twelfth of the row has their full shade already.
      const shade = 32 * Math.sqrt(i === j ? part : Math.min(1, 12 * part));
      place.style.setProperty("--confusion-shade", `${Math.round(shade)}%`);
      const unit = show.value === "count" ? "" : ` percent of the ${show.value}`;
      place.setAttribute("aria-label", `true ${i}, called ${j}: ${place.textContent}${unit}`);
      place.setAttribute("aria-selected", String(i === row && j === column));
      place.tabIndex = i === row && j === column ? 0 : -1;
      place.toggleAttribute("data-along", i === row || j === column);
    }));
    heads.forEach((head, j) => head.toggleAttribute("data-along", j === column));
    sides.forEach((side, i) => side.toggleAttribute("data-along", i === row));
    heap.replaceChildren(...contents(cells[`${row},${column}`] ?? [], row, column, matrix[row][column], images));
    return told(matrix, rows[row], columns[column], row, column);
  });
});

// An empty grid for so many classes: {grid, places[i][j], heads, sides}.  Only the chosen place is a stop of the Tab key.
function gridOf(classes) {
  const all = [...Array(classes).keys()];
  const header = (scope, text) => element("th", {scope, role: `${scope === "col" ? "column" : "row"}header`}, text);
  const heads = all.map((j) => header("col", String(j))), sides = all.map((i) => header("row", String(i)));
  const places = all.map((i) => all.map((j) => element("td", {role: "gridcell", "data-cell": `${i},${j}`,
    class: i === j ? "confusion-hit" : "confusion-miss"})));
  const line = (...cells) => element("tr", {role: "row"}, ...cells);
  const grid = element("table", {class: "confusion-grid", role: "grid", "aria-label": "Confusion matrix"},
    element("caption", {}, "Rows: true digit. Columns: called."),
    element("thead", {role: "rowgroup"}, line(header("col", "true"), ...heads)),
    element("tbody", {role: "rowgroup"}, ...all.map((i) => line(sides[i], ...places[i]))));
  return {grid, places, heads, sides};
}

// A heading and the digits of a cell.
function contents(found, row, column, count, images) {
  const half = found.length / 2, right = row === column;
  const which = right ? `the ${Math.ceil(half)} surest and the ${Math.floor(half)} least sure` : `the ${found.length} surest`;
  const heading = element("p", {class: "confusion-heading"},
    `True ${row}, called ${column}: ${count}${found.length < count ? `, ${which}` : ""}`);
  if (!count) return [heading, element("p", {}, "No test image is in this cell.")];
  const digits = found.map(([place, called, truly]) => element("li", {},
    element("span", {class: "explorer-digit", role: "img", "aria-label": `handwritten ${row}`,
      style: `background-position: 0 ${(100 * place) / Math.max(images - 1, 1)}%`}),
    element("span", {}, `${column}: ${percent(called)}`),
    ...(right ? [] : [element("span", {}, `${row}: ${percent(truly)}`)])));
  return [heading, element("ul", {}, ...digits)];
}

function told(matrix, ofRow, ofColumn, row, column) {
  const count = matrix[row][column], right = row === column;
  const verb = right ? `called ${column}, rightly` : `read as ${column}`;
  const opposite = right ? "" : ` In turn, ${subject(matrix[column][row], column).toLowerCase()} read as ${row}.`;
  return `${subject(count, row)} ${verb}. That is ${percent(count / ofRow, 1)} of the ${ofRow} images that are ` +
    `${row === 8 ? "an" : "a"} ${row}${right ? " (recall)" : ""}, and ${percent(count / ofColumn, 1)} of the ` +
    `${ofColumn} that were called ${column}${right ? " (precision)" : ""}.${opposite}`;
}

// The cell of the commonest mistake.
function commonest(matrix) {
  const cells = matrix.flatMap((row, i) => row.map((count, j) => ({i, j, count})));
  const {i, j} = cells.filter((cell) => cell.i !== cell.j).reduce((best, cell) => (cell.count > best.count ? cell : best));
  return [i, j];
}

function subject(count, digit) {
  return `${WORDS[count] ?? count} true ${digit}${count === 1 ? " was" : "s were"}`;
}

function sum(counts) {
  return counts.reduce((total, count) => total + count, 0);
}

// Of nothing it is 0.
function percent(share, digits = 0) {
  return `${(100 * (share || 0)).toFixed(digits)}\u00a0%`;
}
