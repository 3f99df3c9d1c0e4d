import fc from 'fast-check';

/** Formulas as a parser should expect them: right ones, nearly right ones, and any text. */
export function formulas(symbols: readonly string[]): fc.Arbitrary<string> {
  const amount = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('', '2', '3', '4', '12', '0.5', '1.25') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('0', '-1', '1e5', '.5', '2.', '1/3', 'x', '999999999', '0.0000001', '₂', '2+'),
    },
  );
  const { group } = fc.letrec<{ group: string }>((tie) => ({
    group: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.tuple(fc.constantFrom(...symbols), amount).map((parts) => parts.join('')),
      fc
        .tuple(fc.constantFrom('()', '[]', '{}', '(]'), fc.array(tie('group'), { maxLength: 4 }), amount)
        .map(([brackets, inner, n]) => `${brackets[0]}${inner.join('')}${brackets[1]}${n}`),
    ),
  }));
  const written = fc
    .array(group, { minLength: 1, maxLength: 6 })
    .chain((groups) => fc.constantFrom('', '·', ' ', '.', '*', '-').map((joint) => groups.join(joint)));
  const damaged = fc
    .tuple(written, fc.nat(), fc.string({ unit: 'grapheme', maxLength: 3 }))
    .map(([text, at, noise]) => text.slice(0, at % (text.length + 1)) + noise + text.slice(at % (text.length + 1)));
  return fc.oneof(
    { weight: 6, arbitrary: written },
    { weight: 2, arbitrary: damaged },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    { weight: 1, arbitrary: fc.string({ maxLength: 1_100 }) },
  );
}

/** Any text, some of it hostile. */
const ANY = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    '*',
    'Li-Fe-O',
    '*2O3',
    'AB2',
    'WzBd',
    '__proto__',
    "'; DROP TABLE materials; --",
    '%',
    '\\',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.base64String({ maxLength: 60 }),
);

/** Texts for whatever may hold one: mostly such as get past the first check of their place, so that what lies behind it is tried too. */
export class Texts {
  private readonly places: readonly (readonly [place: RegExp, likely: fc.Arbitrary<string>])[];

  constructor(symbols: readonly string[]) {
    const symbol = fc.constantFrom(...symbols);
    const known = fc.oneof(fc.constantFrom('GaAs', 'NaCl', 'Fe2O3', 'LiFePO4', 'SrTiO3'), formulas(symbols));
    const joined = (parts: readonly fc.Arbitrary<string>[], joint: string) =>
      fc.tuple(...parts).map((words) => words.join(joint));
    const question = joined(
      [
        fc.constantFrom(
          'What is the',
          'Is the',
          'How large is the',
          'Which has the higher',
          'At 400 K, what is the',
          '',
        ),
        fc.constantFrom('band gap', 'critical temperature', 'bulk modulus', 'density', 'atomic number', 'colour', ''),
        fc.constantFrom('of', 'of GaAs or', 'above 2 eV in', ''),
        known,
        fc.constantFrom('?', 'in GPa?', 'at 5 K?', ''),
      ],
      ' ',
    );
    const header = fc.constantFrom(
      'formula',
      'formula,band_gap (eV)',
      'formula,name,density (g/cm^3)',
      'formula,x',
      '',
    );
    const cell = fc.oneof(fc.constantFrom('1.5', '', 'x', '"a,b"', '1e400', '-1'), fc.string({ maxLength: 8 }));
    const csv = fc
      .tuple(header, fc.array(fc.tuple(known, cell, cell), { maxLength: 4 }))
      .map(([first, rows]) =>
        [first, ...rows.map((row) => row.slice(0, first.split(',').length).join(','))].join('\n'),
      );
    const jsonl = fc
      .array(fc.record({ formula: known, band_gap: fc.option(fc.double()), 'band_gap (eV)': fc.double() }), {
        maxLength: 3,
      })
      .map((rows) => rows.map((row) => JSON.stringify(row)).join('\n'));
    const poscar = joined(
      [
        known,
        fc.constantFrom('1.0', '0', '-3', 'x'),
        fc.constant('3 0 0\n0 3 0\n0 0 3\nNa Cl\n1 1\nDirect\n0 0 0\n.5 .5 .5'),
      ],
      '\n',
    );
    this.places = [
      [/formula$|formulas|parents|composition|components/i, known],
      [/element|\.(all|any|none|only|required)$/i, symbol],
      [/question/, question],
      [/content/, fc.oneof(csv, jsonl, poscar)],
      [/chemicalSystem/, fc.oneof(joined([symbol, fc.constantFrom('-', ''), fc.oneof(symbol, fc.constant('*'))], ''))],
      [/unit$/, fc.constantFrom('eV', 'GPa', 'K', 'meV', 'g/cm^3', 'parsec', '')],
      [
        /url|doi/i,
        fc.constantFrom('https://hooks.example.org/beagle', 'http://127.0.0.1/', 'javascript:1', '10.1000/182'),
      ],
      [/name$|licence|Key$/i, fc.constantFrom('Measured here', 'CC0-1.0', 'first', 'second')],
      [/after|before/, fc.constantFrom('', 'MQ', 'eyJ2IjoxfQ')],
    ];
  }

  /** @param place where the text stands: `Type.field` or `field.argument` */
  at(place: string): fc.Arbitrary<string> {
    const likely = this.places.find(([pattern]) => pattern.test(place))?.[1];
    return likely ? fc.oneof({ weight: 9, arbitrary: likely }, { weight: 1, arbitrary: ANY }) : ANY;
  }
}
