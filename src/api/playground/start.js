/* global React, ReactDOM, GraphiQL, document, location */
'use strict';

const EXAMPLES = [
  `# For a frontend: any formula, whether the catalogue holds it or not. Darwin predicts with an interval around its answer.
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
  `# For a frontend: a page of the catalogue with predictions for every entry.
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
  `# For a frontend: which III–V alloys absorb best in a single-junction solar cell (a gap of 1.4 eV)?
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
  `# For a screening campaign: the same input as discover, worked through in the background. The explorer shows it at /campaigns.
mutation StartCampaign {
  createCampaign(
    input: {
      name: "Light and stiff alloys"
      idempotencyKey: "change-me-for-another-one"
      discovery: {
        space: { mix: { components: [{ formula: "Al" }, { formula: "Mg" }, { formula: "Ti" }, { formula: "Zn" }], step: 0.05 } }
        objectives: [{ property: YOUNGS_MODULUS_ALLOY, goal: MAXIMIZE }, { property: DENSITY_ALLOY, goal: MINIMIZE }]
      }
    }
  ) {
    ... on CampaignSuccess { campaign { id status progress { total } } }
    ... on ValidationError { message fields { path message } }
    ... on QuotaExceededError { message resetAt }
  }
}

query WatchCampaigns {
  campaigns(first: 5) {
    nodes {
      name
      status
      progress { done total fraction etaSeconds best { composition { formula } } }
      results(first: 5, onlyFront: true) { nodes { rank composition { formula } objectives { prediction { value unit } } } }
    }
  }
}
`,
  `# For a partner's system: what this key may do and what is left of its allowance, and what a call costs.
query Allowance {
  viewer {
    apiKey { name prefix expiresAt }
    scopes
    rateLimit { limit remaining resetAt cost }
    predictionQuota { limit remaining resetAt }
  }
}

# A key for another system (scope KEYS_ADMIN); the secret is told this once.
mutation CreateKey {
  createApiKey(input: { name: "partner", scopes: [MATERIALS_READ, PREDICTIONS_RUN], predictionsPerDay: 100000 }) {
    ... on CreateApiKeySuccess { secret apiKey { id prefix } }
    ... on ValidationError { message fields { path message } }
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
