/** The standard normal density. */
export const density = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

/**
 * P(X ≤ x) of a standard normal variable, to 1e-15 absolute: Taylor's series about 0, Laplace's continued fraction in the tails
 * (Abramowitz and Stegun 1964, 26.2.10 and 26.2.14).
 */
export function cumulative(x: number): number {
  const t = Math.abs(x);
  if (t > 38) return x > 0 ? 1 : 0;
  let tail: number;
  if (t < 3) {
    let term = t;
    let sum = t;
    for (let k = 1; term > 1e-17 * sum; k++) sum += term *= (t * t) / (2 * k + 1);
    tail = 0.5 - density(t) * sum;
  } else {
    let fraction = t;
    for (let k = 60; k > 0; k--) fraction = t + k / fraction;
    tail = density(t) / fraction;
  }
  return x > 0 ? 1 - tail : tail;
}

/** E[max(0, X − c)] of a normal variable. */
export function excess(mean: number, deviation: number, c: number): number {
  if (c === -Infinity) return Infinity;
  if (c === Infinity) return 0;
  if (!(deviation > 0)) return Math.max(0, mean - c);
  const u = (mean - c) / deviation;
  return Math.max(0, deviation * (u * cumulative(u) + density(u)));
}

/** P(min ≤ X ≤ max) of a normal variable; ±Infinity for an open side. */
export function within(mean: number, deviation: number, min: number, max: number): number {
  if (!(deviation > 0)) return mean >= min && mean <= max ? 1 : 0;
  return Math.max(0, cumulative((max - mean) / deviation) - cumulative((min - mean) / deviation));
}
