// What the pad shows on canvases, in the colours of the page.

import { PEN, SIDE } from "./ink.js";

const HIDDEN_A_ROW = 10;

// A canvas ready to draw on, `units` wide and high, in as many pixels as the screen has there.
export function surface(canvas, units) {
  const pixels = Math.max(1, Math.round(canvas.clientWidth * (window.devicePixelRatio || 1)));
  if (canvas.width !== pixels || canvas.height !== pixels) [canvas.width, canvas.height] = [pixels, pixels];
  const context = canvas.getContext("2d");
  context.setTransform(pixels / units, 0, 0, pixels / units, 0, 0);
  context.clearRect(0, 0, units, units);
  return context;
}

// The page's colours as they are now, light or dark.
export function colours(element) {
  const style = getComputedStyle(element);
  const named = (name) => style.getPropertyValue(name).trim();
  return { ink: style.color, up: named("--digit-pad-up"), down: named("--digit-pad-down"), pen: named("--digit-pad-pen") };
}

// The drawing, large; pen: where the keyboard's pen is, {x, y, down}, or nothing.
export function showDrawing(canvas, drawing, pen, { ink, pen: penColour }) {
  const context = surface(canvas, SIDE);
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = PEN;
  context.strokeStyle = context.fillStyle = ink;
  for (const thing of drawing) {
    if (thing.points) {
      const path = new Path2D();
      thing.points.forEach(([x, y]) => path.lineTo(x, y));
      path.lineTo(...thing.points.at(-1));
      context.stroke(path);
    } else {
      showPixels(context, Float32Array.from(thing.pixels, (value) => value / 255), thing.x, thing.y, thing.cell);
    }
  }
  if (!pen) return;
  context.lineWidth = 0.35;
  context.strokeStyle = context.fillStyle = penColour;
  context.beginPath();
  context.arc(pen.x, pen.y, PEN / 2 + 0.4, 0, 7);
  context.stroke();
  if (pen.down) context.fill();
}

// The 28x28 image that the network gets.
export function showImage(canvas, image, { ink }) {
  const context = surface(canvas, SIDE);
  context.fillStyle = ink;
  showPixels(context, image, 0, 0, 1);
}

// By way of a canvas with one pixel for each number, which is enlarged without smoothing and without seams.
function showPixels(context, image, x, y, cell) {
  const small = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const pixels = small.getContext("2d");
  pixels.fillStyle = context.fillStyle;
  image.forEach((value, place) => {
    pixels.globalAlpha = value;
    pixels.fillRect(place % SIDE, Math.floor(place / SIDE), 1, 1);
  });
  context.imageSmoothingEnabled = false;
  context.drawImage(small, x, y, SIDE * cell, SIDE * cell);
}

// The hundred hidden units, ten a row: the louder a unit, the larger its square; those in `marked` have a frame.
export function showHidden(canvas, hidden, marked, { ink, pen }) {
  const context = surface(canvas, HIDDEN_A_ROW);
  const loudest = Math.max(...hidden) || 1;
  hidden.forEach((activation, unit) => {
    const [x, y] = [(unit % HIDDEN_A_ROW) + 0.5, Math.floor(unit / HIDDEN_A_ROW) + 0.5];
    const side = Math.max(0.1, 0.8 * Math.sqrt(activation / loudest));
    context.globalAlpha = activation ? 1 : 0.4;
    context.fillStyle = ink;
    context.fillRect(x - side / 2, y - side / 2, side, side);
    context.globalAlpha = 1;
    if (!marked.includes(unit)) return;
    context.strokeStyle = pen;
    context.lineWidth = 0.12;
    context.strokeRect(x - 0.46, y - 0.46, 0.92, 0.92);
  });
}

// A unit's weights, strong where there is ink: what pushes it up in full squares, what holds it down in dots.
export function showWeights(canvas, { W, b }, unit, image, { up, down }) {
  const context = surface(canvas, SIDE);
  const weights = Float32Array.from(image, (_, place) => W[place * b.length + unit]);
  const largest = Math.max(...weights.map(Math.abs));
  weights.forEach((weight, place) => {
    const strength = Math.min(1, 1.6 * Math.abs(weight) / largest);
    const side = weight > 0 ? 1 : 0.6;
    context.globalAlpha = strength * (0.22 + 0.78 * image[place]);
    context.fillStyle = weight > 0 ? up : down;
    context.fillRect((place % SIDE) + (1 - side) / 2, Math.floor(place / SIDE) + (1 - side) / 2, side, side);
  });
}
