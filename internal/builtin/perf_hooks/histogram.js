'use strict';

// Histograms as Node has them: HdrHistogram's layout and answers (hdrhistogram.org), so that percentiles agree to the
// digit. Values up to 2^53 are counted in buckets whose width doubles; within a bucket there are as many steps as the
// wanted number of significant figures takes. The array of counts grows to what is used.
const { codes } = require('shared/errors');
const { cloneable } = require('shared/clone');
const { validateInteger, validateNumber, validateObject } = require('shared/validators');

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');
const internal = Symbol('internal');

/** The minimum of a histogram without values: that of a 64-bit integer. */
const noMinimum = 2 ** 63;

/** floor(log2(value)) for values of at least 1. */
function exponentOf(value) {
  return value < 2 ** 32 ? 31 - Math.clz32(value) : 63 - Math.clz32(Math.floor(value / 2 ** 32));
}

class Counts {
  constructor(lowest, highest, figures) {
    this.lowest = lowest;
    this.highest = highest;
    this.figures = figures;
    this.unit = exponentOf(lowest);
    const steps = Math.max(Math.ceil(Math.log2(2 * 10 ** figures)), 1);
    this.half = 2 ** (steps - 1);
    this.halfExponent = steps - 1;
    // The first value beyond the last bucket.
    let limit = 2 ** (steps + this.unit);
    while (limit <= highest) limit *= 2;
    this.limit = limit;
    this.clear();
  }

  clear() {
    this.counts = new Float64Array(64);
    this.total = 0;
    this.exceeds = 0;
    this.minimum = noMinimum;
    this.maximum = 0;
  }

  /** Which doubling `value` is in; the first two share 0. */
  bucketOf(value) {
    return value < 1 ? 0 : Math.max(exponentOf(value) - this.unit - this.halfExponent, 0);
  }

  indexOf(value) {
    const bucket = this.bucketOf(value);
    return bucket * this.half + Math.floor(value / 2 ** (bucket + this.unit));
  }

  /** The lowest value that is counted at `index`. */
  valueAt(index) {
    const bucket = Math.max(Math.floor(index / this.half) - 1, 0);
    return (index - bucket * this.half) * 2 ** (bucket + this.unit);
  }

  /** How many values share the count of `value`. */
  widthOf(value) {
    return 2 ** (this.bucketOf(value) + this.unit);
  }

  lowestOf(value) {
    const width = this.widthOf(value);
    return Math.floor(value / width) * width;
  }

  highestOf(value) {
    return this.lowestOf(value) + this.widthOf(value) - 1;
  }

  middleOf(value) {
    return this.lowestOf(value) + Math.floor(this.widthOf(value) / 2);
  }

  add(value, times) {
    if (value >= this.limit || value > this.highest) {
      this.exceeds += times;
      return;
    }
    const index = this.indexOf(value);
    if (index >= this.counts.length) {
      const larger = new Float64Array(Math.max(2 * this.counts.length, index + 1));
      larger.set(this.counts);
      this.counts = larger;
    }
    this.counts[index] += times;
    this.total += times;
    if (value > 0 && value < this.minimum) this.minimum = value;
    if (value > this.maximum) this.maximum = value;
  }

  get min() {
    if (this.counts[0] > 0) return 0;
    return this.minimum === noMinimum ? noMinimum : this.lowestOf(this.minimum);
  }

  get max() {
    return this.maximum === 0 ? 0 : this.highestOf(this.maximum);
  }

  get mean() {
    let sum = 0;
    for (let i = 0; i < this.counts.length; i++) {
      if (this.counts[i] > 0) sum += this.counts[i] * this.middleOf(this.valueAt(i));
    }
    return sum / this.total;
  }

  get stddev() {
    const { mean } = this;
    let sum = 0;
    for (let i = 0; i < this.counts.length; i++) {
      if (this.counts[i] > 0) sum += (this.middleOf(this.valueAt(i)) - mean) ** 2 * this.counts[i];
    }
    return Math.sqrt(sum / this.total);
  }

  percentile(percentile) {
    const wanted = Math.max(Math.floor((Math.min(percentile, 100) / 100) * this.total + 0.5), 1);
    let seen = 0;
    for (let i = 0; i < this.counts.length; i++) {
      seen += this.counts[i];
      if (seen >= wanted) return this.highestOf(this.valueAt(i));
    }
    return 0;
  }

  /** [percentile, value] in steps that halve the distance to 100. */
  percentiles() {
    const out = [];
    let seen = 0;
    let value = 0;
    let next = 0;
    for (let i = 0; seen < this.total; i++) {
      if (this.counts[i] === 0) continue;
      seen += this.counts[i];
      value = this.valueAt(i);
      while (next <= (100 * seen) / this.total) {
        out.push([next, value]);
        // At the last value one step is made, then comes 100.
        next += 100 / 2 ** (Math.trunc(Math.log(100 / (100 - next)) / Math.log(2)) + 1);
        if (seen === this.total) break;
      }
    }
    out.push([100, value]);
    return out;
  }
}

/** Set in the static blocks. */
let countsOf;

class Histogram {
  #counts;

  static {
    // A clone shares the counts; that of an interval's histogram is a plain one.
    cloneable(Histogram, function clone() {
      return new Histogram(internal, this.#counts);
    });
    countsOf = (histogram) => {
      if (typeof histogram !== 'object' || histogram === null || !(#counts in histogram)) return undefined;
      return histogram.#counts;
    };
  }

  constructor(mark = undefined, counts = undefined) {
    if (mark !== internal) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    this.#counts = counts;
  }

  [inspectCustom](depth, options, inspect) {
    if (depth < 0) return `[${this.constructor.name}]`;
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `Histogram ${inspect(
      {
        min: this.min,
        max: this.max,
        mean: this.mean,
        exceeds: this.exceeds,
        stddev: this.stddev,
        count: this.count,
        percentiles: this.percentiles,
      },
      inner,
    )}`;
  }

  get count() {
    return known(this).total;
  }

  get countBigInt() {
    return BigInt(known(this).total);
  }

  get min() {
    return known(this).min;
  }

  get minBigInt() {
    const { min } = known(this);
    return min === noMinimum ? 2n ** 63n - 1n : BigInt(min);
  }

  get max() {
    return known(this).max;
  }

  get maxBigInt() {
    return BigInt(known(this).max);
  }

  get mean() {
    return known(this).mean;
  }

  get exceeds() {
    return known(this).exceeds;
  }

  get exceedsBigInt() {
    return BigInt(known(this).exceeds);
  }

  get stddev() {
    return known(this).stddev;
  }

  percentile(percentile) {
    const counts = known(this);
    checkPercentile(percentile);
    return counts.percentile(percentile);
  }

  percentileBigInt(percentile) {
    const counts = known(this);
    checkPercentile(percentile);
    return BigInt(counts.percentile(percentile));
  }

  get percentiles() {
    return new Map(known(this).percentiles());
  }

  get percentilesBigInt() {
    return new Map(
      known(this)
        .percentiles()
        .map(([percentile, value]) => [percentile, BigInt(value)]),
    );
  }

  reset() {
    known(this).clear();
  }

  toJSON() {
    return {
      count: this.count,
      min: this.min,
      max: this.max,
      mean: this.mean,
      exceeds: this.exceeds,
      stddev: this.stddev,
      percentiles: Object.fromEntries(this.percentiles),
    };
  }
}

function known(histogram) {
  const counts = countsOf(histogram);
  if (counts === undefined) throw new codes.ERR_INVALID_THIS('Histogram');
  return counts;
}

function checkPercentile(value) {
  validateNumber(value, 'percentile');
  if (!(value > 0 && value <= 100)) throw new codes.ERR_OUT_OF_RANGE('percentile', '> 0 && <= 100', value);
}

let isRecordable;

class RecordableHistogram extends Histogram {
  /** When recordDelta was called last, in ns. */
  #last = 0;

  static {
    cloneable(RecordableHistogram, function clone() {
      return new RecordableHistogram(internal, known(this));
    });
    isRecordable = (value) => typeof value === 'object' && value !== null && #last in value;
  }

  record(value) {
    if (!isRecordable(this)) throw new codes.ERR_INVALID_THIS('RecordableHistogram');
    if (typeof value === 'bigint') {
      if (value < 1n || value > 2n ** 63n - 1n) {
        throw new codes.ERR_OUT_OF_RANGE('val', `>= 1 && <= ${2n ** 63n - 1n}`, value);
      }
      value = Number(value);
    } else {
      validateInteger(value, 'val', 1);
    }
    known(this).add(value, 1);
  }

  recordDelta() {
    if (!isRecordable(this)) throw new codes.ERR_INVALID_THIS('RecordableHistogram');
    const time = Math.round(require('perf_hooks/clock').now() * 1e6);
    if (this.#last > 0) known(this).add(time - this.#last, 1);
    this.#last = time;
  }

  add(other) {
    if (!isRecordable(this)) throw new codes.ERR_INVALID_THIS('RecordableHistogram');
    if (!isRecordable(other)) throw new codes.ERR_INVALID_ARG_TYPE('other', 'RecordableHistogram', other);
    const to = known(this);
    const from = known(other);
    for (let i = 0; i < from.counts.length; i++) {
      if (from.counts[i] > 0) to.add(from.middleOf(from.valueAt(i)), from.counts[i]);
    }
    if (from.minimum < to.minimum) to.minimum = from.minimum;
    if (from.maximum > to.maximum) to.maximum = from.maximum;
    to.exceeds += from.exceeds;
  }
}

/**
 * @param {Options & { lowest?: number | bigint, highest?: number | bigint, figures?: number }} [options]
 */
function createHistogram(options = { __proto__: null }) {
  validateObject(options, 'options');
  let { lowest = 1, highest = Number.MAX_SAFE_INTEGER } = options;
  const { figures = 3 } = options;
  if (typeof lowest !== 'bigint') validateInteger(lowest, 'options.lowest', 1, Number.MAX_SAFE_INTEGER);
  if (typeof highest !== 'bigint') {
    validateInteger(highest, 'options.highest', 2 * Number(lowest), Number.MAX_SAFE_INTEGER);
  } else if (highest < 2n * BigInt(lowest)) {
    throw new codes.ERR_INVALID_ARG_VALUE.RangeError('options.highest', highest);
  }
  validateInteger(figures, 'options.figures', 1, 5);
  lowest = Number(lowest);
  highest = Number(highest);
  return new RecordableHistogram(internal, new Counts(lowest, highest, figures));
}

/** A histogram of ns between the calls of an unref'd interval. */
class IntervalHistogram extends Histogram {
  #resolution;
  #timer;
  #last = 0;

  constructor(mark = undefined, resolution = undefined) {
    if (mark !== internal) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    super(internal, new Counts(1, 3.6e12, 3));
    this.#resolution = resolution;
  }

  enable() {
    if (!(#timer in this)) throw new codes.ERR_INVALID_THIS('IntervalHistogram');
    if (this.#timer !== undefined) return false;
    const { now } = require('perf_hooks/clock');
    this.#last = now();
    this.#timer = require('timers').setInterval(() => {
      const time = now();
      known(this).add(Math.max(Math.round((time - this.#last) * 1e6), 1), 1);
      this.#last = time;
    }, this.#resolution);
    this.#timer.unref();
    return true;
  }

  disable() {
    if (!(#timer in this)) throw new codes.ERR_INVALID_THIS('IntervalHistogram');
    if (this.#timer === undefined) return false;
    require('timers').clearInterval(this.#timer);
    this.#timer = undefined;
    return true;
  }

  [Symbol.dispose]() {
    this.disable();
  }
}

/** @param {Options & { resolution?: number }} [options] */
function monitorEventLoopDelay(options = { __proto__: null }) {
  validateObject(options, 'options');
  const { resolution = 10 } = options;
  validateInteger(resolution, 'options.resolution', 1);
  return new IntervalHistogram(internal, resolution);
}

module.exports = { createHistogram, isRecordable, monitorEventLoopDelay };
