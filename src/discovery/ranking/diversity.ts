/** The best candidates among which spread is weighed against score; what ranks after them keeps its order. */
export const DIVERSITY_POOL = 500;

/**
 * Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): picks, one after another, the candidate with the highest
 * (1 − λ) · score + λ · distance to the nearest one picked so far. Scores are scaled to 0..1 over the pool, distances to the
 * pool's largest distance from the best candidate, which is always picked first.
 *
 * @param scores of the pool, descending.
 * @param diversity λ: 0 keeps the order, 1 is spread alone.
 * @returns indices into the pool, in the order picked.
 */
export function diversified(
  scores: ArrayLike<number>,
  diversity: number,
  distance: (i: number, j: number) => number,
): number[] {
  const n = scores.length;
  const order = Array.from({ length: n }, (_, i) => i);
  if (diversity === 0 || n < 3) return order;
  const nearest = order.map((i) => (i === 0 ? 0 : distance(0, i)));
  const widest = nearest.reduce((a, b) => Math.max(a, b), 0) || 1;
  const range = scores[0]! - scores[n - 1]! || 1;
  const picked = [0];
  const left = order.slice(1);
  while (left.length > 0) {
    let best = 0;
    let bestValue = -Infinity;
    left.forEach((i, at) => {
      const score = (scores[i]! - scores[n - 1]!) / range;
      const value = (1 - diversity) * score + diversity * Math.min(1, nearest[i]! / widest);
      if (value > bestValue) {
        best = at;
        bestValue = value;
      }
    });
    const next = left.splice(best, 1)[0]!;
    picked.push(next);
    for (const i of left) nearest[i] = Math.min(nearest[i]!, distance(next, i));
  }
  return picked;
}
