const METALS = ['Li', 'Na', 'Mg', 'Al', 'Ti', 'Fe', 'Cu', 'Zn', 'Ga', 'Sr', 'Y', 'Zr', 'In', 'Sn', 'Ba', 'La', 'Bi'];
const OTHERS = ['N', 'O', 'F', 'P', 'S', 'Cl', 'As', 'Se', 'Te'];

/** Distinct compositions of two to four elements, the same ones each time. */
export function formulas(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const metal = METALS[i % METALS.length]!;
    const other = OTHERS[i % OTHERS.length]!;
    const third = METALS[(i + 1 + (i % 5)) % METALS.length]!;
    const amount = 1 + i / 10_000;
    const kind = i % 3;
    if (kind === 0) return `${metal}${amount}${other}`;
    if (kind === 1) return `${metal}${amount}${third}${other}2`;
    return `${metal}${amount}${third}${other}3${OTHERS[(i + 4) % OTHERS.length]!}0.5`;
  });
}
