// Drawing on a canvas by mouse, touch, pen and keyboard; see ink.js for what a drawing is.

import { SIDE } from "./ink.js";

const NEAR = 0.15;      // points nearer than this to the last one, in units of the pad, add nothing
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// Listens on the canvas and calls changed() after each change. Returns what a page needs to show and steer the drawing.
export function drawingOn(canvas, changed) {
  const pad = { things: [], pen: null, undo, clear: () => replace([]), replace };
  const past = [];
  const held = new Set();
  let stroke = null;

  function replace(things) {
    if (!things.length && !pad.things.length) return;
    stop();
    past.push(pad.things);
    pad.things = things;
    changed();
  }

  function undo() {
    if (!past.length) return;
    stop();
    pad.things = past.pop();
    changed();
  }

  function begin(point) {
    past.push(pad.things);
    stroke = { points: [point] };
    pad.things = [...pad.things, stroke];
    changed();
  }

  function extend(point) {
    const [x, y] = stroke.points.at(-1);
    if (Math.hypot(point[0] - x, point[1] - y) < NEAR) return;
    stroke.points.push(point);
    changed();
  }

  function stop() {
    stroke = null;
    if (pad.pen) pad.pen.down = false;
  }

  const place = (event) => {
    const frame = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left - canvas.clientLeft, event.clientY - frame.top - canvas.clientTop];
    return [x, y].map((value) => Math.min(SIDE, Math.max(0, (value * SIDE) / canvas.clientWidth)));
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    pad.pen = null;
    canvas.setPointerCapture(event.pointerId);
    begin(place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke || !event.isPrimary || pad.pen) return;
    // Between two frames of the screen a quick hand leaves several points
    const events = event.getCoalescedEvents?.() ?? [];
    (events.length ? events : [event]).forEach((each) => extend(place(each)));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (pad.pen || !stroke) return;
      stop();
      changed();
    });
  }

  canvas.addEventListener("focus", () => {
    if (!canvas.matches(":focus-visible") || pad.pen || stroke) return;
    pad.pen = { x: SIDE / 2, y: SIDE / 4, down: false };
    changed();
  });
  canvas.addEventListener("blur", () => {
    held.clear();
    if (!pad.pen) return;
    stop();
    pad.pen = null;
    changed();
  });
  canvas.addEventListener("keyup", (event) => held.delete(event.key));
  canvas.addEventListener("keydown", (event) => {
    const undoing = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    if (!undoing && (event.ctrlKey || event.metaKey || event.altKey)) return;
    if (undoing) undo();
    else if (event.key === "Delete") pad.clear();
    else if (event.key === " ") lift(event.repeat);
    else if (MOVES[event.key]) move(event.key);
    else return;
    event.preventDefault();
  });

  function lift(repeated) {
    if (repeated) return;
    pad.pen ??= { x: SIDE / 2, y: SIDE / 4, down: false };
    if (pad.pen.down) stop();
    else {
      begin([pad.pen.x, pad.pen.y]);
      pad.pen.down = true;
    }
    changed();
  }

  // Two arrow keys held together go diagonally.
  function move(key) {
    held.add(key);
    pad.pen ??= { x: SIDE / 2, y: SIDE / 4, down: false };
    for (const each of held) {
      pad.pen.x = Math.min(SIDE - 1, Math.max(1, pad.pen.x + MOVES[each][0]));
      pad.pen.y = Math.min(SIDE - 1, Math.max(1, pad.pen.y + MOVES[each][1]));
    }
    if (pad.pen.down) extend([pad.pen.x, pad.pen.y]);
    else changed();
  }

  return pad;
}
