// Draw a digit: the course's network reads it while it is drawn, and shows what it saw.

import { drawingOn } from "./drawing.js";
import { asDrawn, centred, SIDE } from "./ink.js";
import { argument, decode, predict, ranking } from "./network.js";
import { colours, showDrawing, showHidden, showImage, showWeights } from "./pictures.js";
import { fillTable, leadInWords, percent, spoken } from "./words.js";

const QUIET = 700;      // milliseconds without a change before the answer is said aloud
const VOICES = 3;       // hidden units shown for each of the two most probable digits
const SAMPLE_CELL = 0.62;

function start(root) {
  const part = (name) => root.querySelector(`.digit-pad-${name}`);
  const rows = [...part("table").tBodies[0].rows];
  const voices = [...root.querySelectorAll(".digit-pad-voice")];
  const file = async (name) => {
    const answer = await fetch(new URL(`${name}?v=${root.dataset.version}`, import.meta.url));
    if (!answer.ok) throw new Error(`${name} could not be loaded (${answer.status})`);
    return answer.arrayBuffer();
  };
  let network, samples, frame, voice, failure, loading;
  const turn = new Array(10).fill(0);
  const pad = drawingOn(part("ink"), changed);

  function changed() {
    load();
    frame ??= requestAnimationFrame(show);
    clearTimeout(voice);
    voice = setTimeout(() => {
      part("status").textContent = failure ?? spoken(pad.pen, read().answer?.probabilities);
    }, QUIET);
  }

  function read() {
    const image = part("centre").checked ? centred(pad.things) : asDrawn(pad.things);
    const answer = network && pad.things.length ? predict(network, image) : null;
    return { image, answer };
  }

  function show() {
    frame = undefined;
    const { image, answer } = read();
    const theme = colours(root);
    root.classList.toggle("digit-pad-empty", !pad.things.length);
    showDrawing(part("ink"), pad.things, pad.pen, theme);
    showImage(part("image"), image, theme);
    fillTable(rows, answer?.probabilities);
    const best = answer && ranking(answer.probabilities)[0];
    part("answer-digit").textContent = answer ? best : "?";
    part("answer-share").textContent = answer ? `probability ${percent(answer.probabilities[best])}`
      : failure ?? (network || !pad.things.length ? "nothing drawn yet" : "the network is on its way");
    explain(image, answer, theme);
  }

  // Which hidden units argued for the most probable digit against the next, and which the other way round.
  function explain(image, answer, theme) {
    if (!answer) {
      showHidden(part("hidden"), new Float32Array(100), [], theme);
      voices.forEach((each) => { each.style.visibility = ""; });
      part("on").textContent = part("question").textContent = "";
      part("lead").textContent = "Draw, and the hundred hidden units answer here.";
      part("hidden").setAttribute("aria-label", "The hundred hidden units, all silent");
      return;
    }
    const [first, second] = ranking(answer.probabilities);
    const votes = argument(answer, network, first, second);
    const order = [...votes.keys()].sort((a, b) => votes[b] - votes[a]);
    const chosen = [...order.slice(0, VOICES).filter((unit) => votes[unit] > 0),
      ...order.slice(-VOICES).reverse().filter((unit) => votes[unit] < 0)];
    const on = answer.hidden.filter((activation) => activation > 0).length;
    showHidden(part("hidden"), answer.hidden, chosen, theme);
    part("hidden").setAttribute("aria-label", `The hundred hidden units, ${on} of them on`);
    part("on").textContent = `${on} of them are on.`;
    part("question").textContent = `Why ${first} and not ${second}?`;
    part("lead").textContent = leadInWords(first, second, answer.logits[first] - answer.logits[second]);
    voices.forEach((each, i) => {
      each.style.visibility = i < chosen.length ? "visible" : "hidden";
      if (i >= chosen.length) return;
      const vote = votes[chosen[i]];
      showWeights(each.querySelector("canvas"), network[0], chosen[i], image, theme);
      each.querySelector("figcaption").textContent = `for ${vote > 0 ? first : second}: ${Math.abs(vote).toFixed(1)}`;
    });
  }

  // Once, when the pad comes near the screen or is used.
  function load() {
    loading ??= file("network.bin").then((buffer) => {
      network = decode(buffer);
      root.dataset.ready = "";
      changed();
    }).catch((error) => {
      failure = `${error.message}: reload the page to try again`;
      part("status").textContent = failure;
      show();
    });
  }

  // A digit of the test set, small and off the middle, so that centring has something to do; each press shows another.
  async function take(digit) {
    samples ??= file("samples.bin");
    const bytes = new Uint8Array(await samples);
    const each = bytes.length / 10;
    const count = each / SIDE ** 2;
    const begin = digit * each + (turn[digit]++ % count) * SIDE ** 2;
    pad.replace([{ pixels: bytes.subarray(begin, begin + SIDE ** 2), cell: SAMPLE_CELL,
      x: 1 + ((digit * 5) % 9), y: 1 + ((digit * 7 + 3) % 9) }]);
  }

  part("undo").addEventListener("click", pad.undo);
  part("clear").addEventListener("click", pad.clear);
  part("centre").addEventListener("change", changed);
  root.querySelectorAll("[data-digit]").forEach((button) => {
    button.addEventListener("click", () => take(Number(button.dataset.digit)));
  });
  new ResizeObserver(() => { frame ??= requestAnimationFrame(show); }).observe(root);
  new MutationObserver(() => { frame ??= requestAnimationFrame(show); })
    .observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    load();
  }, { rootMargin: "300px" }).observe(root);
  show();
}

document.querySelectorAll(".digit-pad").forEach(start);
