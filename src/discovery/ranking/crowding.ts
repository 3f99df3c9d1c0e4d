/** Stands for the infinite distance of a front's ends, so that a later front cannot reach an earlier one's scores. */
const LARGEST = 1e9;

/**
 * Crowding distance of every row within its front (Deb et al., IEEE Trans. Evol. Comput. 6, 182 (2002)): the sum over the
 * objectives of the gap between its two neighbours, in units of the front's range; at the ends 10⁹.
 *
 * @param costs n × m, row by row.
 */
export function crowdingDistances(costs: Float64Array, m: number, fronts: Int32Array): Float64Array {
  const n = fronts.length;
  const distances = new Float64Array(n);
  const rows = Array.from({ length: n }, (_, i) => i);
  for (let k = 0; k < m; k++) {
    const cost = (row: number): number => costs[row * m + k]!;
    rows.sort((a, b) => fronts[a]! - fronts[b]! || cost(a) - cost(b) || a - b);
    for (let start = 0; start < n;) {
      let end = start;
      while (end < n && fronts[rows[end]!] === fronts[rows[start]!]) end++;
      const range = cost(rows[end - 1]!) - cost(rows[start]!);
      distances[rows[start]!] = Infinity;
      distances[rows[end - 1]!] = Infinity;
      for (let i = start + 1; range > 0 && i < end - 1; i++) {
        distances[rows[i]!]! += (cost(rows[i + 1]!) - cost(rows[i - 1]!)) / range;
      }
      start = end;
    }
  }
  return distances.map((distance) => Math.min(LARGEST, distance));
}
