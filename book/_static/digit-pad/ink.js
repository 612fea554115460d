// From what was drawn to what the network takes: 28x28 numbers, scaled and centred as MNIST's digits are.
//
// The pad is 28 wide and 28 high.  A drawing is a list of things: a stroke {points: [[x, y], ...]}, drawn with a pen of
// the width PEN, or a sample {pixels: 784 bytes, x, y, cell}, an image of 28x28 squares, each `cell` wide, at (x, y).

export const SIDE = 28;         // pixels a side, and the pad's own unit
export const PEN = 2.5;         // width of a stroke in the image; the median of MNIST's own
const BOX = 20;                 // MNIST fits each digit into a square of 20 pixels
const FINE = 5;                 // points a side to average over in each pixel
const SMALLEST = 2;             // a drawing smaller than this is a dot, and is not blown up

// The image of a drawing as MNIST would have it: 784 numbers from 0, paper, to 1, ink.
export function centred(drawing) {
  const frame = frameOf(drawing);
  if (!frame) return new Float32Array(SIDE * SIDE);
  const scale = (BOX - PEN) / Math.max(frame.right - frame.left, frame.bottom - frame.top, SMALLEST);
  const box = rasterise(drawing, scale, PEN / 2 - frame.left * scale, PEN / 2 - frame.top * scale, BOX);
  return intoTheMiddle(box);
}

// The same drawing without any care: the whole pad becomes the image, so it stays as large and where it was drawn.
export function asDrawn(drawing) {
  return rasterise(drawing, 1, 0, 0, SIDE);
}

// What the middle of the pen has covered, in units of the pad; nothing for an empty drawing.
export function frameOf(drawing) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const take = (x, y) => {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  };
  for (const thing of drawing) {
    if (thing.points) thing.points.forEach(([x, y]) => take(x, y));
    else inkOf(thing, take);
  }
  return left <= right ? { left, top, right, bottom } : null;
}

// A sample's ink reaches from its first inked pixel to its last; the middle of a pen would lie half its width within.
function inkOf({ pixels, x, y, cell }, take) {
  const inked = [...pixels.keys()].filter((place) => pixels[place]);
  if (!inked.length) return;
  const [columns, rows] = [inked.map((place) => place % SIDE), inked.map((place) => Math.floor(place / SIDE))];
  take(x + (Math.min(...columns) + PEN / 2) * cell, y + (Math.min(...rows) + PEN / 2) * cell);
  take(x + (Math.max(...columns) + 1 - PEN / 2) * cell, y + (Math.max(...rows) + 1 - PEN / 2) * cell);
}

// Area average of the ink in size x size pixels; a point (x, y) of the pad comes to (scale x + dx, scale y + dy).
export function rasterise(drawing, scale, dx, dy, size) {
  const side = size * FINE;
  const fine = new Float32Array(side * side);
  for (const thing of drawing) {
    if (thing.points) {
      const points = thing.points.map(([x, y]) => [(scale * x + dx) * FINE, (scale * y + dy) * FINE]);
      points.forEach((point, i) => cover(fine, side, points[Math.max(i - 1, 0)], point));
    } else {
      stamp(fine, side, thing, scale, dx, dy);
    }
  }
  const image = new Float32Array(size * size);
  fine.forEach((value, place) => {
    const [column, row] = [place % side, Math.floor(place / side)];
    image[Math.floor(row / FINE) * size + Math.floor(column / FINE)] += value / (FINE * FINE);
  });
  return image;
}

// Ink at every fine point nearer than half a pen to the line from a to b; a and b in fine points.
function cover(fine, side, [ax, ay], [bx, by]) {
  const reach = (PEN / 2) * FINE;
  const [ux, uy] = [bx - ax, by - ay];
  const length2 = ux * ux + uy * uy || 1;
  const [first, last] = [(a, b) => Math.max(0, Math.floor(Math.min(a, b) - reach)),
    (a, b) => Math.min(side - 1, Math.ceil(Math.max(a, b) + reach))];
  for (let row = first(ay, by); row <= last(ay, by); row++) {
    const py = row + 0.5 - ay;
    for (let column = first(ax, bx); column <= last(ax, bx); column++) {
      const px = column + 0.5 - ax;
      const along = Math.min(1, Math.max(0, (px * ux + py * uy) / length2));
      const [qx, qy] = [px - along * ux, py - along * uy];
      if (qx * qx + qy * qy <= reach * reach) fine[row * side + column] = 1;
    }
  }
}

// A sample's grey at every fine point, where there is not more ink already.
function stamp(fine, side, { pixels, x, y, cell }, scale, dx, dy) {
  const pixelAt = (point, shift, start) => Math.floor((((point + 0.5) / FINE - shift) / scale - start) / cell);
  for (let row = 0; row < side; row++) {
    const v = pixelAt(row, dy, y);
    if (v < 0 || v >= SIDE) continue;
    for (let column = 0; column < side; column++) {
      const u = pixelAt(column, dx, x);
      if (u < 0 || u >= SIDE) continue;
      fine[row * side + column] = Math.max(fine[row * side + column], pixels[v * SIDE + u] / 255);
    }
  }
}

// The box moved by whole pixels until its centre of mass lies in the pixel right and below of the middle, MNIST's place
// for it; but never so far that ink would fall over the edge.
function intoTheMiddle(box) {
  const across = new Float64Array(BOX);
  const down = new Float64Array(BOX);
  box.forEach((value, place) => {
    across[place % BOX] += value;
    down[Math.floor(place / BOX)] += value;
  });
  const [left, top] = [offset(across), offset(down)];
  const image = new Float32Array(SIDE * SIDE);
  box.forEach((value, place) => {
    if (value) image[(top + Math.floor(place / BOX)) * SIDE + left + (place % BOX)] = value;
  });
  return image;
}

// How far to move along one side; ink: how much of it each column, or each row, holds.
function offset(ink) {
  const mass = ink.reduce((sum, value) => sum + value);
  const centre = ink.reduce((sum, value, i) => sum + value * (i + 0.5), 0) / mass;
  const room = SIDE - 1 - ink.findLastIndex((value) => value > 0);
  return Math.max(0, Math.min(room, SIDE / 2 - Math.floor(centre)));
}
