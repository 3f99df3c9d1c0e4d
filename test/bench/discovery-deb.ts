/**
 * The plain algorithm of Deb et al., IEEE Trans. Evol. Comput. 6, 182 (2002), section III-A: compare every pair, then peel. The baseline of the
 * benchmark, written as fast as it gets: typed arrays, each pair compared once.
 */
export function debFronts(costs: Float64Array, m: number): Int32Array {
  const n = costs.length / m;
  const fronts = new Int32Array(n);
  const dominators = new Int32Array(n);
  const dominated: number[][] = Array.from({ length: n }, () => []);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      let less = false;
      let more = false;
      for (let k = 0; k < m && !(less && more); k++) {
        const difference = costs[i * m + k]! - costs[j * m + k]!;
        less ||= difference < 0;
        more ||= difference > 0;
      }
      if (less && !more) {
        dominated[i]!.push(j);
        dominators[j]!++;
      } else if (more && !less) {
        dominated[j]!.push(i);
        dominators[i]!++;
      }
    }
  }
  let front: number[] = [];
  for (let i = 0; i < n; i++) if (dominators[i] === 0) front.push(i);
  for (let index = 1; front.length > 0; index++) {
    const next: number[] = [];
    for (const i of front) {
      fronts[i] = index;
      for (const j of dominated[i]!) {
        dominators[j]!--;
        if (dominators[j] === 0) next.push(j);
      }
    }
    front = next;
  }
  return fronts;
}
