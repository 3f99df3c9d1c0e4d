// Asks a started server one real question. Fails if the answer is not a band gap that a semiconductor physicist would accept.
import { withServer } from './server.mjs';

await withServer(async (url) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `{ composition(formula: "GaAs") { ... on Composition { formula
        prediction(property: BAND_GAP) { value unit interval(level: 0.9) { lower upper } } } } }`,
    }),
  });
  const answer = await response.json();
  console.log(JSON.stringify(answer));
  const gap = answer.data?.composition?.prediction;
  return Boolean(
    gap &&
    gap.unit === 'eV' &&
    gap.value > 0.9 &&
    gap.value < 1.9 &&
    gap.interval.lower <= gap.value &&
    gap.value <= gap.interval.upper,
  );
});
