// The network 784-100-10: its weights out of the file that the build wrote, and a prediction with all that led to it.

const SIZES = [784, 100, 10];

// Layers {W, b} from float16 numbers, the low byte first: W1 (784 rows of 100), b1, W2 (100 rows of 10), b2.
export function decode(buffer) {
  const view = new DataView(buffer);
  const wanted = SIZES.slice(1).reduce((sum, units, i) => sum + (SIZES[i] + 1) * units, 0);
  if (view.byteLength !== 2 * wanted) {
    throw new Error(`the weights should be ${2 * wanted} bytes, got ${view.byteLength}`);
  }
  let place = 0;
  const take = (count) => Float32Array.from({ length: count }, () => float16(view.getUint16(2 * place++, true)));
  return SIZES.slice(1).map((units, i) => ({ W: take(SIZES[i] * units), b: take(units) }));
}

function float16(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction);
}

// For 784 numbers from 0 to 1: the hidden activations, the ten logits and the ten probabilities.
export function predict([first, second], image) {
  const hidden = dense(image, first).map((z) => Math.max(z, 0));
  const logits = dense(hidden, second);
  return { hidden, logits, probabilities: softmax(logits) };
}

// x W + b; most of x is 0, paper or silent units, so it goes row by row and leaves those out.
function dense(x, { W, b }) {
  const z = Float64Array.from(b);
  x.forEach((value, row) => {
    if (value) for (let unit = 0; unit < z.length; unit++) z[unit] += value * W[row * z.length + unit];
  });
  return z;
}

function softmax(z) {
  const top = Math.max(...z);
  const e = z.map((value) => Math.exp(value - top));
  const sum = e.reduce((a, b) => a + b);
  return e.map((value) => value / sum);
}

// Digits from the most probable to the least.
export function ranking(probabilities) {
  return [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
}

// How much each hidden unit adds to the lead of digit a's logit over digit b's.
export function argument({ hidden }, [, second], a, b) {
  return hidden.map((activation, unit) => activation * (second.W[unit * 10 + a] - second.W[unit * 10 + b]));
}
