/* global React, ReactDOM, GraphiQL, document, location */
'use strict';

const EXAMPLES = [
  `# Any formula, whether the catalogue holds it or not. Darwin predicts with an interval around its answer.
query Composition {
  composition(formula: "GaAs") {
    ... on Composition {
      formula
      molarMass
      prediction(property: BAND_GAP) {
        value
        unit
        interval(level: 0.9) { lower upper }
        probabilityWithin(min: 1.1, max: 1.7)
      }
      measurements(property: BAND_GAP) { value unit source { name doi } }
    }
    ... on InvalidFormulaError { message position }
  }
}
`,
  `# A page of the catalogue with predictions for every entry.
query Oxides {
  materials(filter: { elements: { all: ["O"] }, elementCount: { min: 2, max: 3 } }, first: 10) {
    totalCount
    nodes {
      formula
      name
      spaceGroup { symbol crystalSystem }
      density
      predictions(properties: [BAND_GAP, BULK_MODULUS]) { property { name } value unit }
      source { name doi }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
  `# Which III–V alloys absorb best in a single-junction solar cell (a gap of 1.4 eV)?
query SolarAbsorbers {
  discover(
    input: {
      space: { enumerate: { elements: ["Ga", "In", "Al", "N", "P", "As", "Sb"], elementCount: { min: 2, max: 3 }, maxAtoms: 4 } }
      objectives: [{ property: BAND_GAP, goal: TARGET, target: 1.4 }]
    }
    first: 10
  ) {
    totalCount
    nodes {
      rank
      composition { formula }
      objectives { prediction { value interval { lower upper } } desirability }
      noveltyDistance
    }
    summary { enumerated passedFilters predicted elapsedMs }
  }
}
`,
];

async function fetcher(body, options) {
  const response = await fetch(location.pathname, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...options?.headers },
    body: JSON.stringify(body),
  });
  return response.json();
}

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher,
    shouldPersistHeaders: false,
    defaultTabs: EXAMPLES.map((query) => ({ query })),
  }),
);
