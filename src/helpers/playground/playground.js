/**
 * The playground: one figure of gradient descent that answers while a slider moves.
 *
 * An ES module in the anywidget form. It knows its model through `get`, `set`, `on`, `off` and
 * `save_changes` alone, so that the same text runs in JupyterLab and in a page without a kernel.
 * From top to bottom: constants, mathematics, geometry, drawing, controls, and `render`,
 * which joins them. The mathematics and the geometry are pure and exported for the tests.
 *
 * @typedef {{value: (x: number[]) => number, gradient: (x: number[]) => number[],
 *            hessian: (x: number[]) => number[]}} Objective
 * @typedef {{points: number[][], values: number[], norms: number[], asked: number}} Run
 * @typedef {{status: "converged"|"running"|"circling"|"diverged", step: number|null}} Verdict
 */

// ---------------------------------------------------------------------------- constants

/** A gradient of at most this magnitude counts as zero in a verdict. */
export const TOLERANCE = 1e-3;

/** A loss this many times as large as the first has left for good, however it got there. */
const SOARS = 1000;

const GRID = 121; // samples along each side of a landscape seen from above
const MESH = 36; // cells along each side of a surface
const LEVELS = 14; // contour lines
const FIELD = 15; // arrows along each side of a gradient field
const MARGIN = { left: 46, right: 12, top: 10, bottom: 30 };
const TANGLE = 300; // points of a path
const SWEEP = 80; // learning rates tried for the curve of final losses
const PLAY_SECONDS = 5;
const SLOWEST_STEP = 280; // milliseconds that a step of the animation may last
const MINIMUM = "#ffd34d"; // the colour of the figures' stars, helpers.palette.MINIMUM
const FONT = "12px system-ui, sans-serif";

// -------------------------------------------------------------------------- mathematics

/** The number that a reader sees: without the noise that logarithmic sliders leave. */
export const settled = (value, digits) => Number(value.toPrecision(digits));

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const mean = (vectors) => {
  const total = vectors[0].map(() => 0);
  for (const vector of vectors) vector.forEach((entry, j) => { total[j] += entry; });
  return total.map((entry) => entry / vectors.length);
};
/** The length of a vector; a root where that is exact enough, since hypot is slow. */
const norm = (v) => {
  const square = v.length === 1 ? v[0] * v[0] : v[0] * v[0] + v[1] * v[1];
  return square > 1e-200 && square < 1e200 ? Math.sqrt(square) : Math.hypot(...v);
};
const distance = (a, b) => norm(a.map((_, j) => a[j] - b[j]));
const least = (numbers) => numbers.reduce((a, b) => Math.min(a, b), Infinity);
const most = (numbers) => numbers.reduce((a, b) => Math.max(a, b), -Infinity);
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/**
 * The objective of a scene, from the function bodies that Python derived; `kappa` is the value
 * of the parameter that some formulas have. With data, `rowGradient` is that of single rows, and
 * `orderOf` the order of the rows in an epoch.
 * @returns {Objective}
 */
export function makeObjective({ variables, javascript, data }, kappa) {
  const compile = (body) => {
    const formula = new Function(...variables, "kappa", body);
    return (x) => formula(...x, kappa);
  };
  const rowGradient = ([w, b], row) => {
    const error = 2 * data.scale * (w * data.x[row] + b - data.y[row]);
    return [error * data.x[row], error];
  };
  return {
    value: compile(javascript.value),
    gradient: compile(javascript.gradient),
    hessian: compile(javascript.hessian),
    rowGradient,
    orderOf: data && makeOrders(data.x.length),
  };
}

/** NumPy's legacy generator RandomState(seed): the Mersenne Twister of Matsumoto and Nishimura. */
export class RandomState {
  constructor(seed) {
    this.state = new Uint32Array(624);
    this.state[0] = seed;
    for (let i = 1; i < 624; i++) {
      const previous = this.state[i - 1];
      this.state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
    this.at = 624;
  }

  /** The next 32 random bits. */
  bits() {
    const s = this.state;
    if (this.at === 624) {
      for (let i = 0; i < 624; i++) {
        const y = (s[i] & 0x80000000) | (s[(i + 1) % 624] & 0x7fffffff);
        s[i] = s[(i + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      this.at = 0;
    }
    let y = s[this.at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** A float in [0, 1) of 53 random bits, as random_sample(). */
  random() {
    const high = this.bits() >>> 5;
    return (high * 67108864 + (this.bits() >>> 6)) / 9007199254740992;
  }

  /** The numbers below n in random order, as permutation(n). */
  permutation(n) {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const mask = 2 ** (32 - Math.clz32(i)) - 1;
      let j = i + 1;
      while (j > i) j = (this.bits() & mask) >>> 0;
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}

/**
 * The order of n rows in each epoch, drawn once for as long as the seed stays: a run at another
 * learning rate sees the same batches.
 */
function makeOrders(n) {
  let [orders, rng, drawnFrom] = [[], null, null];
  const inTurn = Array.from({ length: n }, (_, i) => i);
  return (epoch, { seed, shuffle }) => {
    if (!shuffle) return inTurn;
    if (seed !== drawnFrom) [orders, rng, drawnFrom] = [[], new RandomState(seed), seed];
    while (orders.length <= epoch) orders.push(rng.permutation(n));
    return orders[epoch];
  };
}

/** The rows of each update: epoch by epoch through the data, the last batch of an epoch short. */
function batchStream(orderOf, { batchSize, rows, ...settings }) {
  let [epoch, at] = [0, 0];
  return () => {
    const batch = orderOf(epoch, settings).slice(at, at + batchSize);
    at += batchSize;
    if (at >= rows) [epoch, at] = [epoch + 1, 0];
    return batch;
  };
}

/**
 * Update rules by name. Each takes its settings and the number of coordinates and returns a
 * function (gradient, rate, x, objective) -> step, which remembers what the method remembers.
 */
export const OPTIMIZERS = {
  plain: () => (g, rate) => g.map((gj) => -rate * gj),
  momentum({ beta }, d) {
    let v = Array(d).fill(0);
    return (g, rate) => {
      v = v.map((vj, j) => beta * vj + g[j]);
      return v.map((vj) => -rate * vj);
    };
  },
  nesterov({ beta }, d) {
    let v = Array(d).fill(0);
    return (g, rate) => {
      v = v.map((vj, j) => beta * vj + g[j]);
      return v.map((vj, j) => -rate * (g[j] + beta * vj));
    };
  },
  adagrad({ eps }, d) {
    let s = Array(d).fill(0);
    return (g, rate) => {
      s = s.map((sj, j) => sj + g[j] * g[j]);
      return g.map((gj, j) => (-rate * gj) / (Math.sqrt(s[j]) + eps));
    };
  },
  rmsprop({ decay, eps }, d) {
    let s = Array(d).fill(0);
    return (g, rate) => {
      s = s.map((sj, j) => decay * sj + (1 - decay) * g[j] * g[j]);
      return g.map((gj, j) => (-rate * gj) / (Math.sqrt(s[j]) + eps));
    };
  },
  adam({ b1, b2, eps }, d) {
    let [m, s, t] = [Array(d).fill(0), Array(d).fill(0), 0];
    return (g, rate) => {
      t += 1;
      m = m.map((mj, j) => b1 * mj + (1 - b1) * g[j]);
      s = s.map((sj, j) => b2 * sj + (1 - b2) * g[j] * g[j]);
      const [c1, c2] = [1 - b1 ** t, 1 - b2 ** t];
      return m.map((mj, j) => (-rate * (mj / c1)) / (Math.sqrt(s[j] / c2) + eps));
    };
  },
  adamw(settings, d) {
    const adam = OPTIMIZERS.adam(settings, d);
    return (g, rate, x) => adam(g, rate).map((step, j) => step - rate * settings.weight_decay * x[j]);
  },
  newton: ({ damping }, d) => (g, rate, x, objective) => {
    const h = objective.hessian(x).map((entry, k) => (k % (d + 1) ? entry : entry + damping));
    return solve(h, g).map((direction) => -rate * direction);
  },
};

/**
 * Schedules by name: (first rate, number of steps T) -> the rate of step t, and how Python writes
 * it. Their lengths follow T, so that a run of any length shows the whole schedule.
 */
const SCHEDULES = {
  constant: (rate) => ({ at: () => rate, python: String(rate) }),
  step_decay(rate, T) {
    const every = Math.ceil(T / 4);
    return {
      at: (t) => rate * 0.5 ** Math.floor(t / every),
      python: `schedules.step_decay(${rate}, drop=0.5, every=${every})`,
    };
  },
  exponential: (rate) => ({ at: (t) => rate * 0.96 ** t, python: `schedules.exponential(${rate})` }),
  inverse_time: (rate) => ({
    at: (t) => rate / (1 + 0.1 * t),
    python: `schedules.inverse_time(${rate}, decay=0.1)`,
  }),
  inverse_sqrt: (rate) => ({
    at: (t) => rate / Math.sqrt(t + 1),
    python: `schedules.inverse_sqrt(${rate})`,
  }),
  cosine: (rate, T) => ({
    at: (t) => (rate * (1 + Math.cos((Math.PI * t) / T))) / 2,
    python: `schedules.cosine(${rate}, n_steps=${T})`,
  }),
  warm_restarts(rate, T) {
    const period = Math.ceil(T / 4);
    return {
      at: (t) => (rate * (1 + Math.cos((Math.PI * (t % period)) / period))) / 2,
      python: `schedules.warm_restarts(${rate}, period=${period})`,
    };
  },
  warm_up(rate, T) {
    const n = Math.ceil(T / 5);
    return { at: (t) => rate * Math.min((t + 1) / n, 1), python: `schedules.warm_up(${rate}, n_steps=${n})` };
  },
  range_test: (rate, T) => ({
    at: (t) => rate * 1000 ** (t / Math.max(1, T - 1)),
    python: `schedules.range_test(${rate}, highest=1000 * ${rate}, n_steps=${T})`,
  }),
};

/** The solution of Hs = g for one or two unknowns, by Cramer's rule. */
function solve(h, g) {
  if (g.length === 1) return [g[0] / h[0]];
  const determinant = h[0] * h[3] - h[1] * h[2];
  return [(h[3] * g[0] - h[1] * g[1]) / determinant, (h[0] * g[1] - h[2] * g[0]) / determinant];
}

/**
 * Descend for nSteps updates. A run that leaves the finite numbers ends at its last finite point.
 * With a batch size each update sees the rows of one batch; values and norms are of all rows.
 * @returns {Run}
 */
export function descend(objective, start, settings, nSteps) {
  const rule = OPTIMIZERS[settings.optimizer](settings, start.length);
  const schedule = SCHEDULES[settings.schedule ?? "constant"](settings.rate, nSteps);
  const limit = settings.clip;
  const nextRows = settings.batchSize && batchStream(objective.orderOf, settings);
  let x = start;
  let g = objective.gradient(x);
  const run = { points: [x], values: [objective.value(x)], norms: [norm(g)], rows: [], asked: nSteps };
  for (let k = 0; k < nSteps; k++) {
    const rows = nextRows && nextRows();
    if (rows) g = mean(rows.map((row) => objective.rowGradient(x, row)));
    if (limit) g = g.map((gj) => clamp(gj, -limit, limit));
    const step = rule(g, schedule.at(k), x, objective);
    const next = x.map((xj, j) => xj + step[j]);
    const gradient = objective.gradient(next);
    const [value, magnitude] = [objective.value(next), norm(gradient)];
    if (!next.every(Number.isFinite) || !Number.isFinite(value) || !Number.isFinite(magnitude)) break;
    [x, g] = [next, gradient];
    run.points.push(x);
    run.values.push(value);
    run.norms.push(magnitude);
    run.rows.push(rows);
  }
  return run;
}

/** The ends of runs from `count` random starts in the domain, and how many found the lowest. */
export function restart(objective, scene, settings, nSteps, seed, count) {
  const rng = new RandomState(seed);
  const ends = Array.from({ length: count }, () => {
    const start = scene.domain.map(([low, high]) => low + (high - low) * rng.random());
    const { points, values } = descend(objective, start, settings, nSteps);
    const lowest = values.at(-1) - scene.minimum < 1e-3 * Math.max(1, Math.abs(scene.minimum));
    return { start, end: points.at(-1), lowest };
  });
  return { ends, found: ends.filter(({ lowest }) => lowest).length };
}

/** The first `count` steps of a run. */
const truncated = (run, count) =>
  count >= run.asked
    ? run
    : {
        points: run.points.slice(0, count + 1),
        values: run.values.slice(0, count + 1),
        norms: run.norms.slice(0, count + 1),
        asked: Math.min(count, run.points.length - 1),
      };

/**
 * How a run ended. The rules are those of `helpers.paths.verdict`, which explains them.
 * @returns {Verdict}
 */
export function verdict({ points, values, norms, asked }) {
  const n = points.length - 1;
  if (n < asked) return { status: "diverged", step: n };
  if (norms[n] <= TOLERANCE) {
    return { status: "converged", step: norms.findLastIndex((size) => size > TOLERANCE) + 1 };
  }
  const rising = (k) => values[k] > values[k - 1];
  const last = Array.from({ length: Math.min(n, 10) }, (_, i) => n - i);
  const quarter = values.slice(n + 1 - Math.max(1, Math.floor(n / 4)));
  const soars = least(quarter) / SOARS > Math.max(1, Math.abs(values[0]));
  if (n >= 3 && values[n] > values[0] && (soars || last.every(rising))) {
    return { status: "diverged", step: values.findLastIndex((value) => value <= values[0]) + 1 };
  }
  return { status: isCircling(points, values) ? "circling" : "running", step: null };
}

function isCircling(points, values) {
  const n = points.length - 1;
  if (n < 4) return n >= 1 && values[n] >= values[0];
  const q = Math.floor(n / 4);
  const [early, late] = [n - q, n].map((end) => {
    const steps = points.slice(end - q, end).map((point, i) => distance(point, points[end - q + i + 1]));
    const losses = values.slice(end - q + 1, end + 1);
    return { length: sum(steps), highest: most(losses), lowest: least(losses) };
  });
  const reversing = distance(points[n], points[n - 2 * q]) < 0.25 * (early.length + late.length);
  const settling =
    late.length < 0.99 * early.length && late.highest < early.highest && late.lowest < early.lowest;
  return reversing && !settling;
}

/** The eigenvalues of a Hessian in one or two dimensions, smallest first. */
export function eigenvalues(h) {
  if (h.length === 1) return [h[0], h[0]];
  const [middle, half] = [(h[0] + h[3]) / 2, Math.hypot((h[0] - h[3]) / 2, h[1])];
  return [middle - half, middle + half];
}

/** What kind of critical point x is, by the signs of the Hessian's eigenvalues. */
export function criticalPoint(objective, x) {
  const [low, high] = eigenvalues(objective.hessian(x));
  const flat = 1e-9 * Math.max(1, Math.abs(low), Math.abs(high));
  if (low > flat) return "minimum";
  if (high < -flat) return "maximum";
  return low < -flat && high > flat ? "saddle point" : "flat point";
}

/**
 * Learning rates that theory names for a quadratic of curvatures λmin to λmax: the limit beyond
 * which it diverges, 2/λmax for plain descent and 2(1 + β)/λmax with momentum, and the best
 * constant rate of plain descent, 2/(λmin + λmax). Null where there is none: on other
 * landscapes, with other methods, and with batches, whose own curvatures differ.
 */
export function namedRates(curvatures, { optimizer, beta, batchSize, rows }) {
  const [low, high] = curvatures ?? [0, 0];
  if (!(high > 0) || batchSize < rows) return { limit: null, best: null };
  if (optimizer === "plain") return { limit: 2 / high, best: low > 0 ? 2 / (low + high) : null };
  return { limit: optimizer === "momentum" ? (2 * (1 + beta)) / high : null, best: null };
}

/** The factor by which plain descent shrinks the distance to a quadratic's minimum, at worst. */
export const contraction = (curvatures, rate) =>
  Math.max(...curvatures.map((curvature) => Math.abs(1 - rate * curvature)));

// ----------------------------------------------------------------------------- geometry

/** A linear map from [a, b] to [c, d], with its inverse. */
export function linearScale([a, b], [c, d]) {
  const scale = (value) => c + ((value - a) / (b - a)) * (d - c);
  scale.invert = (pixel) => a + ((pixel - c) / (d - c)) * (b - a);
  scale.domain = [a, b];
  scale.range = [c, d];
  return scale;
}

/** Round numbers that divide [low, high] into about `count` parts. */
export function ticks(low, high, count) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999);
  const first = Math.ceil(low / step - 1e-9);
  const length = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length }, (_, k) => settled((first + k) * step, 12));
}

/** Values of the objective on a square grid over the scene's domain, row by row from below. */
export function sampleGrid(objective, [xs, ys], side) {
  const along = ([low, high], k) => low + ((high - low) * k) / (side - 1);
  const grid = new Float64Array(side * side);
  for (let j = 0; j < side; j++) {
    for (let i = 0; i < side; i++) grid[j * side + i] = objective.value([along(xs, i), along(ys, j)]);
  }
  return grid;
}

/**
 * Heights between 0 and 1, raised to the power that puts the median near the middle, so that a
 * deep narrow valley and a gentle bowl both show their shape.
 */
export function heightScale(grid) {
  const sorted = grid.filter(Number.isFinite).sort();
  const [low, high, median] = [sorted[0], sorted.at(-1), sorted[sorted.length >> 1]];
  const span = high - low || 1;
  const power = clamp(Math.log(0.5) / Math.log(clamp((median - low) / span, 1e-3, 0.5)), 0.15, 1);
  const scale = (value) => clamp((value - low) / span || 0, 0, 1) ** power;
  scale.invert = (height) => low + span * height ** (1 / power);
  scale.range = [low, high];
  scale.power = power;
  return scale;
}

/** Segments [x0, y0, x1, y1, …] in grid coordinates where the grid crosses a level. */
export function contourLine(grid, side, level) {
  const segments = [];
  for (let j = 0; j < side - 1; j++) {
    for (let i = 0; i < side - 1; i++) {
      const a = grid[j * side + i] - level;
      const b = grid[j * side + i + 1] - level;
      const c = grid[(j + 1) * side + i + 1] - level;
      const d = grid[(j + 1) * side + i] - level;
      const crossings = [];
      if (a > 0 !== b > 0) crossings.push(i + a / (a - b), j);
      if (b > 0 !== c > 0) crossings.push(i + 1, j + b / (b - c));
      if (c > 0 !== d > 0) crossings.push(i + d / (d - c), j + 1);
      if (d > 0 !== a > 0) crossings.push(i, j + a / (a - d));
      for (let k = 0; k + 3 < crossings.length; k += 4) {
        segments.push(crossings[k], crossings[k + 1], crossings[k + 2], crossings[k + 3]);
      }
    }
  }
  return segments;
}

/** An orthographic view of the cube [-1, 1]³: (x, y, z) -> [right, down, depth]. */
export function projection({ azimuth, elevation }, { width, height }) {
  const [ca, sa] = [Math.cos(azimuth), Math.sin(azimuth)];
  const [ce, se] = [Math.cos(elevation), Math.sin(elevation)];
  const size = Math.min(width / 3.1, height / 2.7);
  return (x, y, z) => {
    const right = x * ca - y * sa;
    const away = x * sa + y * ca;
    const up = 0.62 * z * ce + away * se;
    return [width / 2 + size * right, height / 2 - size * up, away];
  };
}

/**
 * The axis of a loss curve: logarithmic in f − min where the minimum is known, else linear.
 * A run that explodes does not flatten the rest: eight decades above the start are shown.
 */
export function lossAxis(values, minimum, heights) {
  if (minimum === null) {
    const reach = heights[1] - heights[0];
    const low = Math.max(least(values), heights[0] - reach);
    const high = Math.min(most(values), heights[1] + reach);
    const pad = 0.06 * (high - low) || 1;
    return { logarithmic: false, low: low - pad, high: high + pad, map: (value) => value };
  }
  const map = (value) => Math.log10(Math.max(value - minimum, 1e-17));
  const exponents = values.map(map);
  const top = Math.min(most(exponents), exponents[0] + 8); // values[0] is the start's
  const low = Math.floor(Math.max(least(exponents), -16.5));
  return { logarithmic: true, low, high: Math.max(Math.ceil(top), low + 1), map };
}

// ------------------------------------------------------------------------------ drawing

/** The colours of the page's present theme, from the style sheet's variables. */
function readTheme(element) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(`--playground-${name}`).trim();
  return Object.fromEntries(
    ["ink", "muted", "grid", "paper", "curve", "casing", "guide"].map((name) => [name, colour(name)]),
  );
}

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** A colour map through evenly spaced stops: height in [0, 1] -> [r, g, b]. */
export function colourMap(stops) {
  const rgb = stops.map(channels);
  return (height) => {
    const at = clamp(height, 0, 1) * (rgb.length - 1);
    const k = Math.min(Math.floor(at), rgb.length - 2);
    return rgb[k].map((channel, c) => channel + (at - k) * (rgb[k + 1][c] - channel));
  };
}

/** A number as short as its digits allow, for axes and readouts. */
export function shortNumber(value, digits = 6) {
  const rounded = settled(value, digits);
  const size = Math.abs(rounded);
  return size !== 0 && (size < 1e-4 || size >= 1e7)
    ? rounded.toExponential().replace("e+", "e")
    : String(rounded);
}

/** The pixels without those that nobody can tell from the one before: long runs draw faster. */
function distinct(pixels) {
  let [left, top] = [NaN, NaN];
  return pixels.filter(([px, py], k) => {
    if (Math.abs(px - left) < 0.4 && Math.abs(py - top) < 0.4 && k < pixels.length - 1) return false;
    [left, top] = [px, py];
    return true;
  });
}

function polyline(ctx, pixels) {
  ctx.beginPath();
  pixels.forEach(([px, py], k) => (k ? ctx.lineTo(px, py) : ctx.moveTo(px, py)));
}

/** Draws the present path of the context. */
function stroke(ctx, colour, width) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.stroke();
}

/** Writes words at a pixel, which is where `align` and `baseline` say in their box. */
function print(ctx, words, [px, py], align, baseline, method = "fillText") {
  ctx.textAlign = align;
  ctx.textBaseline = baseline;
  ctx[method](words, px, py);
}

function dot(ctx, [px, py], radius, fill, edge) {
  ctx.beginPath();
  ctx.arc(px, py, radius, 0, 2 * Math.PI);
  ctx.fillStyle = fill;
  ctx.fill();
  if (edge) stroke(ctx, edge, 1.5);
}

function arrow(ctx, [px, py], [dx, dy], head) {
  const [qx, qy] = [px + dx, py + dy];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [(head * dx) / length, (head * dy) / length];
  ctx.moveTo(px, py);
  ctx.lineTo(qx, qy);
  ctx.moveTo(qx - ux - 0.6 * uy, qy - uy + 0.6 * ux);
  ctx.lineTo(qx, qy);
  ctx.lineTo(qx - ux + 0.6 * uy, qy - uy - 0.6 * ux);
}

/** Keeps a coordinate near the panel, so that canvas never meets one of 1e300. */
const nearby = (pixel) => clamp(pixel, -2e3, 3e3);

/** The whole powers of ten on a scale of exponents, as ticks. */
const decades = ({ domain }) => ({
  at: ticks(...domain, 6).filter(Number.isInteger),
  label: (exponent) => `1e${exponent}`,
});

/** Round numbers on a scale that offers a tick each so many pixels. */
const numbers = ({ domain, range }, spacing, count) => ({
  at: ticks(...domain, clamp(Math.abs(range[1] - range[0]) / spacing, 2, count)),
  label: (tick) => shortNumber(tick, 4),
});

/** Frame, ticks with their labels, and the name of the horizontal axis of a panel. */
function drawAxes(ctx, theme, { X, Y }, { name = "", along = numbers(X, 60, 8), up = numbers(Y, 45, 7) } = {}) {
  const [left, right] = X.range;
  const [bottom, top] = Y.range;
  ctx.font = FONT;
  ctx.fillStyle = theme.muted;
  for (const tick of along.at) {
    print(ctx, along.label(tick), [X(tick), bottom + 6], "center", "top");
    polyline(ctx, [[X(tick), bottom], [X(tick), bottom + 4]]);
    stroke(ctx, theme.grid, 1);
  }
  for (const tick of up.at) {
    print(ctx, up.label(tick), [left - 7, Y(tick)], "right", "middle");
    polyline(ctx, [[left - 4, Y(tick)], [left, Y(tick)]]);
    stroke(ctx, theme.grid, 1);
  }
  ctx.strokeRect(left + 0.5, top + 0.5, right - left - 1, bottom - top - 1);
  ctx.fillStyle = theme.ink;
  ctx.font = `italic ${FONT}`;
  print(ctx, name, [right - 6, bottom - 4], "right", "bottom");
}

function clipTo(ctx, { X, Y }, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(X.range[0], Y.range[1], X.range[1] - X.range[0], Y.range[0] - Y.range[1]);
  ctx.clip();
  draw();
  ctx.restore();
}

/**
 * A path over a picture: pale casing, line, a dot for each point that can be told apart. A tangle
 * of hundreds of lines has no casing: it would be seen at its rim alone, and take as long to draw.
 */
function drawPath(ctx, theme, colour, all) {
  const pixels = distinct(all);
  ctx.lineJoin = "bevel";
  polyline(ctx, pixels);
  if (pixels.length <= TANGLE) stroke(ctx, theme.casing, 4);
  stroke(ctx, colour, 2);
  let previous = null;
  for (const pixel of pixels) {
    if (previous && distance(pixel, previous) < 5) continue;
    dot(ctx, pixel, 2.6, colour);
    previous = pixel;
  }
  dot(ctx, pixels.at(-1), 5.5, colour, theme.casing);
}

function scalesOf({ width, height }, xDomain, yDomain) {
  return {
    X: linearScale(xDomain, [MARGIN.left, width - MARGIN.right]),
    Y: linearScale(yDomain, [height - MARGIN.bottom, MARGIN.top]),
  };
}

/**
 * A view paints one panel. `plan(size)` works out its scales, `backdrop(ctx, plan, theme, state)`
 * what stays while a slider moves (kept as a picture), `front(...)` what moves.
 * `handle(plan, start)` is the pixel of the start point; `point(plan, pixel)` the way back.
 */
const VIEWS = {
  curve: {
    caption: (scene) => `f(x) = ${scene.formula}`,
    plan(size, { scene, heights }) {
      const pad = 0.07 * (heights[1] - heights[0]);
      return scalesOf(size, scene.domain[0], [heights[0] - pad, heights[1] + pad]);
    },
    backdrop(ctx, plan, theme, { scene, objective }) {
      const { X, Y } = plan;
      drawAxes(ctx, theme, plan, { name: scene.labels[0] });
      const pixels = [];
      for (let px = X.range[0]; px <= X.range[1]; px++) pixels.push([px, Y(objective.value([X.invert(px)]))]);
      clipTo(ctx, plan, () => {
        polyline(ctx, pixels);
        stroke(ctx, theme.curve, 2);
        drawMinima(ctx, scene.minima.map((x) => [X(x[0]), Y(objective.value(x))]));
      });
    },
    front(ctx, plan, theme, { objective }, { runs, run, shown, restarts }) {
      const { X, Y } = plan;
      const pixels = (one) => one.points.slice(0, shown + 1).map((x, k) => [
        nearby(X(x[0])), nearby(Y(one.values[k])),
      ]);
      clipTo(ctx, plan, () => {
        drawTangent(ctx, theme, plan, objective, run.points[shown], run.values[shown]);
        for (const { run: one, colour } of runs) drawPath(ctx, theme, colour, pixels(one));
        drawRestarts(ctx, theme, restarts, (x) => [X(x[0]), nearby(Y(objective.value(x)))]);
      });
    },
    handle: ({ X, Y }, start, { objective }) => [X(start[0]), Y(objective.value(start))],
    point: ({ X }, [px]) => [X.invert(px)],
  },

  contours: {
    caption: (scene) => `${scene.lossName}(${scene.labels.join(", ")}) = ${scene.formula}`,
    plan: (size, { scene }) => scalesOf(size, ...scene.domain),
    backdrop(ctx, plan, theme, state, { field }) {
      const { scene, grid, scale, colours } = state;
      const { X, Y } = plan;
      clipTo(ctx, plan, () => {
        ctx.imageSmoothingEnabled = true;
        // The grid's outer samples lie on the frame, so the picture is a cell larger than it.
        const [width, height] = [X.range[1] - X.range[0], Y.range[0] - Y.range[1]];
        const [cellX, cellY] = [width / (GRID - 1), height / (GRID - 1)];
        ctx.drawImage(
          heightImage(grid, scale, colours),
          X.range[0] - cellX / 2, Y.range[1] - cellY / 2, width + cellX, height + cellY,
        );
        ctx.beginPath();
        for (let q = 1; q <= LEVELS; q++) {
          const line = contourLine(grid, GRID, scale.invert(q / (LEVELS + 1)));
          const px = (i) => X.range[0] + (i / (GRID - 1)) * (X.range[1] - X.range[0]);
          const py = (j) => Y.range[0] + (j / (GRID - 1)) * (Y.range[1] - Y.range[0]);
          for (let k = 0; k < line.length; k += 4) {
            ctx.moveTo(px(line[k]), py(line[k + 1]));
            ctx.lineTo(px(line[k + 2]), py(line[k + 3]));
          }
        }
        stroke(ctx, "rgba(255, 255, 255, 0.38)", 0.9);
        if (field) drawField(ctx, plan, state);
        drawMinima(ctx, scene.minima.map(([x, y]) => [X(x), Y(y)]));
      });
      drawAxes(ctx, theme, plan);
      drawHaloed(ctx, scene.labels[0], [X.range[1] - 7, Y.range[0] - 5], "right", "bottom");
      drawHaloed(ctx, scene.labels[1], [X.range[0] + 7, Y.range[1] + 6], "left", "top");
    },
    front(ctx, plan, theme, { objective }, { runs, run, shown, restarts }) {
      const pixel = ([x, y]) => [nearby(plan.X(x)), nearby(plan.Y(y))];
      clipTo(ctx, plan, () => {
        for (const { run: one, colour } of runs) drawPath(ctx, theme, colour, one.points.slice(0, shown + 1).map(pixel));
        drawRestarts(ctx, theme, restarts, pixel);
        drawVotes(ctx, objective, run, shown, pixel);
      });
    },
    handle: ({ X, Y }, [x, y]) => [X(x), Y(y)],
    point: ({ X, Y }, [px, py]) => [X.invert(px), Y.invert(py)],
  },

  surface: {
    caption: (scene, { scale }) =>
      `${VIEWS.contours.caption(scene)}${scale.power < 0.5 ? " (heights compressed)" : ""}`,
    plan(size, { scene, scale }, { camera }) {
      const project = projection(camera, size);
      const side = ([low, high]) => linearScale([low, high], [-1, 1]);
      const [U, V] = scene.domain.map(side);
      const lift = scale.power < 0.5 ? scale : (value) => (value - scale.range[0]) / (scale.range[1] - scale.range[0]);
      return { U, V, at: (x, y, value) => project(U(x), V(y), 2 * lift(value) - 1), project };
    },
    backdrop(ctx, plan, theme, state, { camera }) {
      drawMesh(ctx, plan, state, camera);
      drawFloorNames(ctx, theme, plan, state.scene.labels);
    },
    front(ctx, plan, theme, state, { runs, shown }) {
      const inside = ([x, y]) => Math.abs(plan.U(x)) <= 1 && Math.abs(plan.V(y)) <= 1;
      for (const { run, colour } of runs) {
        const end = run.points.slice(0, shown + 1).findIndex((point) => !inside(point));
        const points = run.points.slice(0, end < 0 ? shown + 1 : end);
        if (!points.length) continue;
        drawPath(ctx, theme, colour, points.map(([x, y], k) => plan.at(x, y, run.values[k]).slice(0, 2)));
      }
    },
    handle: (plan, [x, y], { objective }) => plan.at(x, y, objective.value([x, y])).slice(0, 2),
    point: null,
  },

  data: {
    caption: () => "data and the line ŷ = wx + b",
    plan: (size, { scene }) => scalesOf(size, scene.data.xDomain, scene.data.yDomain),
    backdrop(ctx, plan, theme, { scene }) {
      drawAxes(ctx, theme, plan, { name: "x" });
      print(ctx, "y", [plan.X.range[0] + 7, plan.Y.range[1] + 5], "left", "top");
      clipTo(ctx, plan, () => {
        ctx.globalAlpha = 0.6;
        scene.data.x.forEach((x, i) => dot(ctx, [plan.X(x), plan.Y(scene.data.y[i])], 2.8, theme.curve));
        ctx.globalAlpha = 1;
      });
    },
    front(ctx, plan, theme, { scene }, { run, shown, colour }) {
      const { X, Y } = plan;
      const line = ([w, b]) => X.domain.map((x) => [X(x), nearby(Y(w * x + b))]);
      clipTo(ctx, plan, () => {
        drawDashed(ctx, theme, line(run.points[0]));
        polyline(ctx, line(run.points[shown]));
        stroke(ctx, colour, 3);
        for (const row of rowsOnShow(run, shown)) {
          dot(ctx, [X(scene.data.x[row]), Y(scene.data.y[row])], 4.5, colour, theme.casing);
        }
      });
    },
  },

  loss: {
    caption: ({ lossName, minimum }, state, { units }) =>
      `${lossName}${minimum === null ? ` by ${units.name}` : ` − minimum by ${units.name}, logarithmic`}`,
    plan(size, { scene, heights }, { runs, units }) {
      const values = runs.map(({ run }) => run.values).flat();
      const axis = lossAxis(values, scene.minimum, heights);
      const longest = Math.max(1, ...runs.map(({ run }) => run.asked));
      return { axis, ...scalesOf(size, [0, 1.02 * units.at(longest)], [axis.low, axis.high]) };
    },
    backdrop(ctx, plan, theme) {
      drawAxes(ctx, theme, plan, plan.axis.logarithmic ? { up: decades(plan.Y) } : {});
    },
    front(ctx, plan, theme, { scene }, { runs, shown, units, bound }) {
      const { X, Y, axis } = plan;
      const pixel = (value, k) => [X(units.at(k)), nearby(Y(axis.map(value)))];
      clipTo(ctx, plan, () => {
        if (bound) drawDashed(ctx, theme, bound.map((gap, k) => pixel(scene.minimum + gap, k)));
        ctx.lineJoin = "bevel";
        for (const { run, colour } of runs) {
          const pixels = run.values.map(pixel);
          ctx.globalAlpha = 0.3;
          polyline(ctx, distinct(pixels.slice(shown)));
          stroke(ctx, colour, 2);
          ctx.globalAlpha = 1;
          polyline(ctx, distinct(pixels.slice(0, shown + 1)));
          stroke(ctx, colour, 2);
          dot(ctx, pixels[Math.min(shown, pixels.length - 1)], 4.5, colour, theme.casing);
        }
      });
    },
  },

  schedule: {
    caption: () => "learning rate by step",
    plan(size, state, { settings }) {
      const rates = Array.from({ length: settings.nSteps }, (_, t) => rateAt(t + 1, settings));
      return { rates, ...scalesOf(size, [0, 1.02 * settings.nSteps], [0, 1.08 * most(rates)]) };
    },
    backdrop(ctx, plan, theme) {
      drawAxes(ctx, theme, plan);
    },
    front(ctx, { rates, X, Y }, theme, state, { shown, settings, colour }) {
      polyline(ctx, rates.map((rate, t) => [X(t), Y(rate)]));
      stroke(ctx, colour, 2);
      dot(ctx, [X(Math.max(0, shown - 1)), Y(rateAt(shown, settings))], 4.5, colour, theme.casing);
    },
  },

  sweep: {
    caption: ({ lossName }, state, { settings }) => `${lossName} − minimum after ${settings.nSteps} steps, by learning rate`,
    plan(size, state, { settings, range }) {
      const sweep = state.sweepOf(settings, range);
      const gaps = sweep.map(({ gap }) => gap);
      const high = Math.min(most(gaps), sweep.start + 3);
      const low = Math.floor(Math.max(least(gaps), -16));
      return { sweep, ...scalesOf(size, range, [low, Math.max(Math.ceil(high), low + 1)]) };
    },
    backdrop(ctx, plan, theme) {
      drawAxes(ctx, theme, plan, { name: "η", along: decades(plan.X), up: decades(plan.Y) });
    },
    front(ctx, { sweep, X, Y }, theme, { scene }, { settings, run, colour, named }) {
      clipTo(ctx, { X, Y }, () => {
        for (const rate of Object.values(named)) {
          if (rate === null) continue;
          drawDashed(ctx, theme, Y.range.map((py) => [X(Math.log10(rate)), py]));
        }
        polyline(ctx, sweep.map(({ exponent, gap }) => [X(exponent), nearby(Y(gap))]));
        stroke(ctx, theme.curve, 2);
        const gap = clamp(Y(gapOf(run, scene)), Y.range[1], Y.range[0]);
        dot(ctx, [X(Math.log10(settings.rate)), gap], 5, colour, theme.casing);
      });
    },
  },
};

/** The rate of the step that led to the shown point; at the start that of the first. */
const rateAt = (shown, { schedule, rate, nSteps }) => SCHEDULES[schedule](rate, nSteps).at(Math.max(0, shown - 1));

/** The exponent of a run's last loss above the minimum; infinite when the run left the numbers. */
const gapOf = ({ points, values, asked }, { minimum }) =>
  points.length - 1 < asked ? Infinity : Math.log10(Math.max(values.at(-1) - minimum, 1e-17));

/** The rows whose batch led to the shown point; none once the whole run is on show. */
const rowsOnShow = ({ rows }, shown) => (shown > 0 && shown < rows.length ? (rows[shown - 1] ?? []) : []);

function drawDashed(ctx, theme, pixels) {
  ctx.setLineDash([6, 4]);
  polyline(ctx, pixels);
  stroke(ctx, theme.guide, 1.6);
  ctx.setLineDash([]);
}

/** Where random restarts began (small) and ended: filled in the lowest minimum, open elsewhere. */
function drawRestarts(ctx, theme, restarts, pixel) {
  for (const { start, end, lowest } of restarts?.ends ?? []) {
    dot(ctx, pixel(start), 3, theme.ink);
    dot(ctx, pixel(end), 5, lowest ? "#009e73" : theme.casing, lowest ? theme.casing : "#cc79a7");
  }
}

/** Which way each row of the shown batch alone would have sent the last point. */
function drawVotes(ctx, objective, run, shown, pixel) {
  const rows = rowsOnShow(run, shown);
  if (!rows.length) return;
  const from = run.points[shown - 1];
  const mine = distance(run.points[shown], from);
  const gradients = rows.map((row) => objective.rowGradient(from, row));
  const scale = mine / (norm(mean(gradients)) || 1);
  ctx.beginPath();
  for (const gradient of gradients) {
    const [at, to] = [from, from.map((xj, j) => xj - scale * gradient[j])].map(pixel);
    arrow(ctx, at, [to[0] - at[0], to[1] - at[1]], 5);
  }
  stroke(ctx, "rgba(255, 255, 255, 0.8)", 1.2);
}

/** White text that stands out from heights of any colour. */
function drawHaloed(ctx, words, [px, py], align, baseline) {
  ctx.font = "italic 600 15px system-ui, sans-serif";
  ctx.lineJoin = "round";
  ctx.lineWidth = 2.5;
  ctx.strokeStyle = "rgba(20, 30, 70, 0.6)";
  ctx.fillStyle = "#ffffff";
  print(ctx, words, [px, py], align, baseline, "strokeText");
  print(ctx, words, [px, py], align, baseline);
}

/** A five-pointed star on each minimum. */
function drawMinima(ctx, pixels) {
  const corners = Array.from({ length: 10 }, (_, k) => {
    const [angle, radius] = [(Math.PI * k) / 5, k % 2 ? 3.2 : 8];
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });
  ctx.fillStyle = MINIMUM;
  for (const [px, py] of pixels) {
    polyline(ctx, corners.map(([dx, dy]) => [px + dx, py + dy]));
    ctx.closePath();
    ctx.fill();
    stroke(ctx, "#1f2633", 0.8);
  }
}

function drawTangent(ctx, theme, { X, Y }, objective, x, value) {
  const slope = objective.gradient(x)[0];
  const pixelSlope = (slope * (Y.range[1] - Y.range[0])) / (Y.domain[1] - Y.domain[0]) /
    ((X.range[1] - X.range[0]) / (X.domain[1] - X.domain[0]));
  const reach = 70 / Math.hypot(1, pixelSlope);
  const [px, py] = [X(x[0]), Y(value)];
  if (!Number.isFinite(py) || Math.abs(px) > 1e5 || Math.abs(py) > 1e5) return;
  drawDashed(ctx, theme, [[px - reach, py - reach * pixelSlope], [px + reach, py + reach * pixelSlope]]);
}

function drawField(ctx, { X, Y }, { objective }) {
  ctx.beginPath();
  const cell = (X.range[1] - X.range[0]) / FIELD;
  for (let j = 0; j < FIELD; j++) {
    for (let i = 0; i < FIELD; i++) {
      const px = X.range[0] + (i + 0.5) * cell;
      const py = Y.range[0] + ((j + 0.5) / FIELD) * (Y.range[1] - Y.range[0]);
      const [gx, gy] = objective.gradient([X.invert(px), Y.invert(py)]);
      const size = Math.hypot(gx, gy);
      if (size < 1e-9) continue;
      const length = 0.72 * cell;
      const [dx, dy] = [(-gx / size) * length, (gy / size) * length];
      arrow(ctx, [px - dx / 2, py - dy / 2], [dx, dy], 4);
    }
  }
  stroke(ctx, "rgba(255, 255, 255, 0.75)", 1.1);
}

function heightImage(grid, scale, colours) {
  const image = new ImageData(GRID, GRID);
  for (let j = 0; j < GRID; j++) {
    for (let i = 0; i < GRID; i++) {
      const [r, g, b] = colours(scale(grid[(GRID - 1 - j) * GRID + i]));
      image.data.set([r, g, b, 255], 4 * (j * GRID + i));
    }
  }
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = GRID;
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** The surface as a mesh, painted from the far side to the near one. */
function drawMesh(ctx, plan, { objective, scale, colours }, camera) {
  const along = (axis, k) => axis.invert(-1 + (2 * k) / MESH);
  const corners = [];
  for (let j = 0; j <= MESH; j++) {
    for (let i = 0; i <= MESH; i++) {
      const [x, y] = [along(plan.U, i), along(plan.V, j)];
      const value = objective.value([x, y]);
      corners.push({ pixel: plan.at(x, y, value), height: scale(value) });
    }
  }
  const order = (rising) => Array.from({ length: MESH }, (_, k) => (rising ? k : MESH - 1 - k));
  ctx.lineJoin = "round";
  for (const j of order(Math.cos(camera.azimuth) < 0)) {
    for (const i of order(Math.sin(camera.azimuth) < 0)) {
      const first = j * (MESH + 1) + i;
      const quad = [first, first + 1, first + MESH + 2, first + MESH + 1].map((k) => corners[k]);
      const mean = sum(quad.map((corner) => corner.height)) / 4;
      const tilt = quad[0].height + quad[3].height - quad[1].height - quad[2].height;
      const light = clamp(1 + 1.1 * tilt, 0.72, 1.2);
      const fill = `rgb(${colours(mean).map((channel) => Math.min(255, channel * light)).join(" ")})`;
      polyline(ctx, quad.map((corner) => corner.pixel));
      ctx.closePath();
      ctx.fillStyle = fill;
      ctx.fill();
      stroke(ctx, fill, 0.7);
    }
  }
}

function drawFloorNames(ctx, theme, { project }, labels) {
  polyline(ctx, [[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]].map(([u, v]) => project(u, v, -1)));
  ctx.globalCompositeOperation = "destination-over";
  stroke(ctx, theme.grid, 1);
  ctx.globalCompositeOperation = "source-over";
  ctx.fillStyle = theme.ink;
  ctx.font = `italic ${FONT}`;
  const near = (candidates) => candidates.map((uv) => project(...uv, -1)).sort((p, q) => q[1] - p[1])[0];
  print(ctx, labels[0], near([[0, -1.18], [0, 1.18]]), "center", "middle");
  print(ctx, labels[1], near([[-1.18, 0], [1.18, 0]]), "center", "middle");
}

// ----------------------------------------------------------------------------- controls

/** An element with properties and children; keys with a dash are attributes. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role") element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children);
  return element;
}

/** A figure's canvas with its caption, and the picture of what stays while a slider moves. */
function makePanel(name) {
  const caption = make("div", { className: "playground-caption" });
  const canvas = make("canvas", { role: "img" });
  const frame = make("div", { className: "playground-frame" }, canvas);
  const root = make("div", { className: `playground-panel playground-panel-${name}` }, caption, frame);
  const ctx = canvas.getContext("2d");
  let [backdrop, backdropKey, size] = [null, "", {}];
  /** Reads the size on the page: a layout of the whole page, so only when it has changed. */
  const measure = () => {
    size = { width: canvas.clientWidth, height: canvas.clientHeight };
  };
  return {
    name, root, canvas, frame, measure,
    /** Paint the view; returns its plan, by which pixels and points translate. */
    paint(view, theme, state, moving, options) {
      if (!size.width) measure();
      if (!size.width || !size.height) return null;
      const ratio = globalThis.devicePixelRatio || 1;
      const pixels = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
      if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) [canvas.width, canvas.height] = pixels;
      const plan = view.plan(size, state, { ...moving, ...options });
      const key = JSON.stringify([pixels, theme, options, plan.X?.domain, plan.Y?.domain]);
      if (key !== backdropKey) {
        backdrop = make("canvas", { width: pixels[0], height: pixels[1] });
        const behind = backdrop.getContext("2d");
        behind.scale(ratio, ratio);
        view.backdrop(behind, plan, theme, state, options);
        backdropKey = key;
        caption.textContent = options.caption;
      }
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.clearRect(0, 0, ...pixels);
      ctx.drawImage(backdrop, 0, 0);
      ctx.scale(ratio, ratio);
      view.front(ctx, plan, theme, state, moving);
      return plan;
    },
  };
}

const READOUTS = { step: "step", point: "point", loss: "loss", gradient: "gradient magnitude" };

function makeReadouts(names) {
  const outputs = {};
  const readout = (name, label) => {
    outputs[name] = make("output", { name, "aria-live": name === "status" ? "polite" : "off" });
    return make("label", { className: `playground-readout playground-readout-${name}` },
      make("span", {}, label), outputs[name]);
  };
  const rows = Object.entries(names).map(([name, label]) => readout(name, label));
  const root = make("div", { className: "playground-readouts" }, ...rows, readout("status", "verdict"));
  return { root, outputs };
}

const VERDICTS = {
  converged: (step, place) => `converged at step ${step}${place}`,
  running: () => "still descending",
  circling: () => "circling: the loss no longer falls",
  diverged: (step) => `diverged at step ${step}`,
};

/** The verdict in words: how it ended, and where that is when it is not the lowest point. */
function describe({ status, step }, { scene, objective }, point, value) {
  let place = "";
  if (status === "converged") {
    const kind = criticalPoint(objective, point);
    const higher = scene.minimum !== null && value > scene.minimum + 1e-3 * Math.max(1, Math.abs(scene.minimum));
    if (kind !== "minimum") place = `, on a ${kind}`;
    else if (higher) place = ", in a local minimum that is not the lowest";
  }
  const outside = scene.domain.some(([low, high], j) => point[j] < low || point[j] > high);
  return VERDICTS[status](step, place) + (outside ? ", outside the picture" : "");
}

const describeRestarts = ({ count, expected }, { found }) =>
  `${found} of ${count} random starts end in the lowest minimum (${shortNumber(found / count, 3)}; ` +
  `expected ${shortNumber(expected, 3)})`;

/** Lines of Python that reproduce the state with `helpers`. */
export function asPython(scene, { start, nSteps, rate, schedule = "constant", optimizer, ...settings }) {
  const { python, factory } = scene.optimizers.find(({ name }) => name === optimizer);
  const options = python.map((key) => `, ${key}=${settings[key]}`);
  const rates = SCHEDULES[schedule](rate, nSteps).python;
  let rule = `optimizers.${factory}(${factory === "newton" ? "objective.hessian, " : ""}${rates}${options.join("")})`;
  if (settings.clip !== undefined) rule = `optimizers.clip(${rule}, ${settings.clip})`;
  let objective = scene.python;
  if (settings.kappa !== undefined) objective += `(${settings.kappa})`;
  let seed = "";
  if (settings.batchSize !== undefined) {
    const kept = settings.shuffle ? "" : ", shuffle=False";
    objective = `stochastic.Minibatches(${objective}, ${settings.batchSize}${kept})`;
    seed = `, rng=np.random.RandomState(${settings.seed})`;
  }
  const point = start.length === 1 ? start[0] : `(${start.join(", ")})`;
  const lines = [`objective = ${objective}`, `path = descend(objective, ${point}, ${rule}, ${nSteps}${seed})`, "print(path)"];
  const uses = (module) => lines.some((line) => new RegExp(`\\b${module}\\.`).test(line));
  const used = ["datasets", "landscapes", "models", "optimizers", "schedules", "stochastic"].filter(uses);
  return [...(uses("np") ? ["import numpy as np", ""] : []), `from helpers import descend, ${used.join(", ")}`, "", ...lines].join("\n");
}

/** Marks learning rates on the slider of their control, whichever host has drawn it. */
function markRates(container, range, rates) {
  const control = ".control-learning_rate";
  const track = container.querySelector(`${control} .noUi-base, ${control}.page-host-slider`);
  if (!track) return;
  for (const [name, rate] of Object.entries(rates)) {
    let mark = track.querySelector(`.playground-mark-${name}`);
    if (!mark) track.append((mark = make("span", { className: `playground-mark playground-mark-${name}` })));
    const at = rate === null ? NaN : (Math.log10(rate) - range[0]) / (range[1] - range[0]);
    mark.hidden = !(at >= 0 && at <= 1);
    mark.style.setProperty("--at", String(at));
    mark.dataset.side = at > 0.75 ? "left" : "right"; // of the line, where its text stands
    mark.textContent = mark.hidden ? "" : `${name} ${shortNumber(rate, 3)}`;
  }
}

/** JupyterLab's sliders have no accessible name of their own. */
function nameSliders(container) {
  for (const handle of container.querySelectorAll(".noUi-handle:not([aria-label])")) {
    const label = handle.closest(".widget-inline-hbox")?.querySelector(".widget-label");
    if (label?.textContent) handle.setAttribute("aria-label", label.textContent);
  }
}

// ------------------------------------------------------------------------------- render

/** What stays while the sliders move, but for κ. */
function prepare(scene, kappa) {
  const objective = makeObjective(scene, kappa);
  const centre = scene.domain.map(([low, high]) => (low + high) / 2);
  const state = {
    scene, objective, kappa,
    colours: colourMap(scene.stops),
    curvatures: scene.quadratic ? eigenvalues(objective.hessian(centre)) : null,
    sweepOf: makeSweep(scene, objective),
  };
  if (scene.variables.length === 1) {
    const X = linearScale([0, 400], scene.domain[0]);
    const values = Array.from({ length: 401 }, (_, k) => objective.value([X(k)]));
    const finite = values.filter(Number.isFinite); // log(x) has none at 0 and below
    return { ...state, heights: [least(finite), most(finite)] };
  }
  const grid = sampleGrid(objective, scene.domain, GRID);
  const scale = heightScale(grid);
  return { ...state, grid, scale, heights: scale.range };
}

/** The last loss of a run at each of many rates, worked out anew when anything else changes. */
function makeSweep(scene, objective) {
  let [sweep, sweepKey] = [null, ""];
  return ({ rate, ...settings }, [low, high]) => {
    const key = JSON.stringify([settings, low, high]);
    if (key === sweepKey) return sweep;
    sweepKey = key;
    sweep = Array.from({ length: SWEEP + 1 }, (_, k) => {
      const exponent = low + ((high - low) * k) / SWEEP;
      const run = descend(objective, settings.start, { ...settings, rate: 10 ** exponent }, settings.nSteps);
      return { exponent, gap: gapOf(run, scene) };
    });
    sweep.start = Math.log10(Math.max(objective.value(settings.start) - scene.minimum, 1e-17));
    return sweep;
  };
}

const startNames = (scene) => (scene.variables.length === 1 ? ["start"] : ["start_x", "start_y"]);

/** The settings that the model holds now, as numbers that are what they look like. */
export function readSettings(model, scene) {
  const { name: optimizer, settings } = scene.optimizers[model.get("optimizer")];
  const chosen = { ...settings, optimizer, rate: settled(model.get("learning_rate"), 4), nSteps: model.get("n_steps") };
  const has = (name) => scene.controls.includes(name);
  chosen.start = startNames(scene).map((name) => settled(model.get(name), 10));
  if (has("beta") && "beta" in settings) chosen.beta = settled(model.get("beta"), 4);
  if (has("schedule")) chosen.schedule = scene.schedules[model.get("schedule")];
  if (has("kappa")) chosen.kappa = settled(model.get("kappa"), 4);
  if (has("nudge") && model.get("nudge")) chosen.start[chosen.start.length - 1] += scene.nudge;
  if (has("batch_size")) {
    chosen.batchSize = model.get("batch_size");
    chosen.seed = model.get("seed");
    chosen.shuffle = model.get("shuffle");
    chosen.rows = scene.data.x.length;
  }
  return chosen;
}

/** What is counted on the axis of the loss curve, and how many of it k updates make. */
function unitsOf(model, { batchSize, rows }) {
  if (batchSize === undefined) return { name: "step", at: (k) => k };
  const perEpoch = Math.ceil(rows / batchSize);
  const seen = (k) => Math.floor(k / perEpoch) * rows + (k % perEpoch) * batchSize;
  return [
    { name: "updates", at: (k) => k },
    { name: "epochs", at: (k) => seen(k) / rows },
    { name: "examples seen", at: seen },
  ][model.get("unit")];
}

function render({ model, el }) {
  const scene = model.get("scene");
  let state = prepare(scene, model.get("kappa"));
  const names = startNames(scene);
  const leaving = new AbortController(); // ends every listener
  const listen = (target, event, handler, options = {}) =>
    target.addEventListener(event, handler, { ...options, signal: leaving.signal });

  const panels = scene.panels.map(makePanel);
  const map = panels.find(({ name }) => name === "map");
  const handle = make("div", { className: "playground-handle", tabIndex: 0, role: "slider", ariaLabel: "start point" });
  map.frame.append(handle);
  const readouts = makeReadouts(scene.schedules.length ? { ...READOUTS, rate: "learning rate" } : READOUTS);
  const button = (name, label) => make("button", { type: "button", name, textContent: label });
  const buttons = {
    step: button("step_once", "Step"),
    play: button("play", "Play"),
    reset: button("reset", "Reset"),
    ...(scene.restarts ? { restarts: button("restarts", `${scene.restarts.count} restarts`) } : {}),
    copy: button("copy", "Copy as Python"),
  };
  const legend = make("ul", { className: "playground-legend", hidden: !scene.companions.length });
  const code = make("pre", { className: "playground-code", hidden: true, tabIndex: 0, "aria-label": "Python code" });
  const message = make("span", { className: "playground-message", role: "status" });
  const stage = make("div", { className: "playground-stage" },
    make("div", { className: `playground-panels playground-panels-${scene.kind}` }, ...panels.map(({ root }) => root)),
    legend,
    readouts.root,
    make("div", { className: "playground-buttons" }, ...Object.values(buttons), message),
    code);
  el.append(stage);

  const camera = { azimuth: -0.6, elevation: 0.55 };
  let theme = readTheme(stage);
  let plan = null; // of the map, since the last frame
  let shown = Infinity; // steps of the run on show
  let playing = null; // { since, from } while the animation runs
  let frame = 0;
  let key = ""; // of the settings on show
  let moving = null; // the runs of these settings, and what belongs to them
  let run = null; // the one that the readouts tell of

  const viewOf = (panel) => VIEWS[panel.name === "map" ? scene.views[model.get("view")] : panel.name];
  const isSurface = () => viewOf(map) === VIEWS.surface;
  const schedule = () => (frame ||= requestAnimationFrame(draw));
  const stop = () => {
    playing = null;
    buttons.play.textContent = "Play";
  };
  const lastStep = () => run.points.length - 1;

  function solve(settings) {
    const { colour, label } = scene.optimizers[model.get("optimizer")];
    const { objective, curvatures } = state;
    run = descend(objective, settings.start, settings, settings.nSteps);
    const main = { run, colour, label: scene.companions.length ? `η = ${settings.rate}` : label };
    const others = scene.companions.map((companion) => ({
      ...companion,
      run: descend(objective, settings.start, { ...settings, ...companion.settings }, settings.nSteps),
    }));
    moving = { run, colour, settings, runs: [...others, main], named: marked(namedRates(curvatures, settings)), bound: boundOf(settings), restarts: null };
    code.textContent = asPython(scene, settings);
    legend.replaceChildren(...moving.runs.map(legendRow));
  }

  /** The best rate is marked only where the final loss over all rates is on show. */
  const marked = ({ limit, best }) => ({ limit, best: scene.panels.includes("sweep") ? best : null });

  /** The most that theory allows each loss of plain descent on a quadratic to stand above 0. */
  function boundOf({ optimizer, schedule = "constant", rate }) {
    if (!scene.bound || !state.curvatures || optimizer !== "plain" || schedule !== "constant") return null;
    const factor = contraction(state.curvatures, rate) ** 2;
    return run.values.map((_, k) => (run.values[0] - scene.minimum) * factor ** k);
  }

  function legendRow({ run: one, colour, label }) {
    const swatch = make("span", { className: "playground-swatch" });
    swatch.style.background = colour;
    const words = describe(verdict(one), state, one.points.at(-1), one.values.at(-1));
    return make("li", {}, swatch, `${label}: ${words}`);
  }

  function draw(now) {
    frame = 0;
    const settings = readSettings(model, scene);
    if (settings.kappa !== undefined && settings.kappa !== state.kappa) state = prepare(scene, settings.kappa);
    const seed = model.get("restarts");
    const present = JSON.stringify([settings, seed]);
    if (present !== key) {
      key = present;
      solve(settings);
      if (seed) moving.restarts = restart(state.objective, scene, settings, settings.nSteps, seed, scene.restarts.count);
    }
    if (playing) advance(now);
    moving.shown = Math.min(shown, lastStep());
    moving.units = unitsOf(model, settings);
    moving.range = model.get("rate_range");
    for (const panel of panels) {
      const view = viewOf(panel);
      const options = {
        caption: view.caption(scene, state, moving),
        kappa: settings.kappa,
        field: model.get("field"),
        camera: view === VIEWS.surface ? camera : null,
      };
      const painted = panel.paint(view, theme, state, moving, options);
      if (panel === map) plan = painted;
    }
    placeHandle(settings.start);
    write(settings, moving.shown);
  }

  function write(settings, at) {
    const [point, value, size] = [run.points[at], run.values[at], run.norms[at]];
    const ending = verdict(at < lastStep() ? truncated(run, at) : run);
    const { outputs } = readouts;
    const put = (output, text, exact = text) => {
      if (output.dataset.value === String(exact)) return;
      output.value = text;
      output.dataset.value = exact;
    };
    put(outputs.step, String(at));
    put(outputs.point, point.length === 1 ? shortNumber(point[0]) : `(${point.map((xj) => shortNumber(xj)).join(", ")})`, point.join(" "));
    put(outputs.loss, shortNumber(value), value);
    put(outputs.gradient, shortNumber(size), size);
    if (outputs.rate) put(outputs.rate, shortNumber(rateAt(at, settings)), rateAt(at, settings));
    let words = describe(ending, state, point, value);
    if (moving.restarts) words += `. ${describeRestarts(scene.restarts, moving.restarts)}`;
    put(outputs.status, words);
    const container = el.closest(".playground") ?? stage;
    container.dataset.scene = scene.kind;
    container.dataset.status = ending.status;
    const sentence = `${scene.title}: ${at} steps, ${words}`;
    for (const panel of panels) panel.canvas.setAttribute("aria-label", `${panel.root.firstChild.textContent}. ${sentence}`);
    markRates(container, moving.range, moving.named);
    container.querySelector(".control-beta")?.toggleAttribute("hidden", settings.beta === undefined);
    container.querySelector(".control-field")?.toggleAttribute("hidden", isSurface());
    nameSliders(container);
  }

  // -- the start point: slider, pointer and arrow keys move the same traits

  function moveStart(point) {
    point.forEach((value, j) => {
      const [low, high, step] = scene.start_grid[j];
      const snapped = low + Math.round((clamp(value, low, high) - low) / step) * step;
      model.set(names[j], settled(Math.min(snapped, high), 10));
    });
    model.save_changes();
  }

  function placeHandle(start) {
    const view = viewOf(map);
    handle.hidden = !plan || view.point === null;
    if (handle.hidden) return;
    const [px, py] = view.handle(plan, start, state);
    handle.style.transform = `translate(${px}px, ${py}px)`;
    [handle.ariaValueMin, handle.ariaValueMax] = scene.domain[0];
    handle.ariaValueNow = start[0];
    handle.ariaValueText = start.map((value, j) => `${scene.labels[j]} = ${shortNumber(value)}`).join(", ");
  }

  const pixelOf = (event) => {
    const box = map.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  function drag(target, move) {
    listen(target, "pointerdown", (event) => {
      if (event.button !== 0 || (target === map.canvas && event.pointerType === "touch" && !isSurface())) return;
      target.setPointerCapture(event.pointerId);
      move(event, true);
    });
    listen(target, "pointermove", (event) => target.hasPointerCapture(event.pointerId) && move(event, false));
  }

  const dragStart = (event) => plan && viewOf(map).point && moveStart(viewOf(map).point(plan, pixelOf(event)));
  let grabbed = [0, 0];
  drag(handle, (event) => dragStart(event));
  drag(map.canvas, (event, first) => {
    if (!isSurface()) return dragStart(event);
    const [px, py] = [event.clientX, event.clientY];
    if (!first) turn((px - grabbed[0]) * 0.01, (py - grabbed[1]) * 0.01);
    grabbed = [px, py];
  });
  listen(map.canvas, "click", (event) => isSurface() || dragStart(event)); // a finger's tap

  function turn(azimuth, elevation) {
    camera.azimuth += azimuth;
    camera.elevation = clamp(camera.elevation + elevation, 0.1, 1.4);
    schedule();
  }

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
  const steer = (target, move) => listen(target, "keydown", (event) => {
    const direction = ARROWS[event.key];
    if (!direction || (target === map.canvas && !isSurface())) return;
    event.preventDefault();
    event.stopPropagation();
    move(...direction, event.shiftKey ? 10 : 1);
  });
  steer(handle, (right, up, far) => {
    const along = names.length === 1 ? [right + up] : [right, up];
    moveStart(names.map((name, j) => settled(model.get(name), 10) + far * along[j] * scene.start_grid[j][2]));
  });
  steer(map.canvas, (right, up) => turn(0.12 * right, 0.08 * up));

  // -- step, play, reset, copy

  function advance(now) {
    playing.since ??= now;
    const pace = Math.min((1000 * PLAY_SECONDS) / Math.max(1, run.asked), SLOWEST_STEP);
    shown = Math.min(lastStep(), playing.from + Math.floor((now - playing.since) / pace));
    if (shown < lastStep()) schedule();
    else stop();
  }

  listen(buttons.step, "click", () => {
    stop();
    shown = shown >= lastStep() ? 0 : shown + 1;
    schedule();
  });
  listen(buttons.play, "click", () => {
    if (playing) stop();
    else {
      playing = { since: null, from: shown >= lastStep() ? 0 : shown };
      buttons.play.textContent = "Pause";
    }
    schedule();
  });
  listen(buttons.reset, "click", () => {
    stop();
    shown = Infinity;
    Object.assign(camera, { azimuth: -0.6, elevation: 0.55 });
    for (const [name, value] of Object.entries(model.get("initial"))) model.set(name, value);
    model.save_changes();
    schedule();
  });
  if (buttons.restarts) {
    listen(buttons.restarts, "click", () => {
      model.set("restarts", model.get("restarts") + 1);
      model.save_changes();
    });
  }
  listen(buttons.copy, "click", async () => {
    code.hidden = !code.hidden;
    buttons.copy.setAttribute("aria-expanded", String(!code.hidden));
    message.textContent = "";
    if (code.hidden) return;
    const copied = await navigator.clipboard?.writeText(code.textContent).then(() => true, () => false);
    message.textContent = copied ? "copied" : "select the lines to copy them";
  });

  // -- what makes the picture change

  const changed = () => {
    stop();
    shown = Infinity;
    schedule();
  };
  const adopt = () => {
    map.canvas.tabIndex = isSurface() ? 0 : -1;
    map.root.classList.toggle("playground-turns", isSurface());
  };
  const heard = [
    [changed, ...names, "learning_rate", "n_steps", "optimizer", "beta", "schedule", "kappa", "nudge",
      "batch_size", "seed", "shuffle"],
    [schedule, "view", "field", "rate_range", "restarts", "unit"],
    [adopt, "view"],
  ].flatMap(([act, ...traits]) => traits.map((trait) => [`change:${trait}`, act]));
  for (const each of heard) model.on(...each);
  const refresh = () => {
    for (const panel of panels) panel.measure();
    theme = readTheme(stage);
    schedule();
  };
  const resized = new ResizeObserver(refresh);
  resized.observe(stage);
  const themed = new MutationObserver(refresh);
  for (const root of [document.documentElement, document.body]) {
    themed.observe(root, { attributes: true, attributeFilter: ["data-theme", "data-jp-theme-light", "class"] });
  }
  const scheme = globalThis.matchMedia("(prefers-color-scheme: dark)");
  listen(scheme, "change", refresh);
  adopt();
  schedule();

  return () => {
    leaving.abort();
    cancelAnimationFrame(frame);
    resized.disconnect();
    themed.disconnect();
    for (const each of heard) model.off(...each);
    stage.remove();
  };
}

export default { render };
