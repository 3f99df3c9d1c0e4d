/** The 118 elements in order of atomic number, with their place in the 18-column periodic table. */
export interface Element {
  readonly number: number;
  readonly symbol: string;
  readonly name: string;
  /** 1..7, or 8 and 9 for the rows of lanthanides and actinides below the table. */
  readonly row: number;
  /** 1..18 */
  readonly column: number;
}

// prettier-ignore
const NAMES =
  'H Hydrogen,He Helium,Li Lithium,Be Beryllium,B Boron,C Carbon,N Nitrogen,O Oxygen,F Fluorine,Ne Neon,Na Sodium,Mg Magnesium,' +
  'Al Aluminium,Si Silicon,P Phosphorus,S Sulfur,Cl Chlorine,Ar Argon,K Potassium,Ca Calcium,Sc Scandium,Ti Titanium,V Vanadium,' +
  'Cr Chromium,Mn Manganese,Fe Iron,Co Cobalt,Ni Nickel,Cu Copper,Zn Zinc,Ga Gallium,Ge Germanium,As Arsenic,Se Selenium,Br Bromine,' +
  'Kr Krypton,Rb Rubidium,Sr Strontium,Y Yttrium,Zr Zirconium,Nb Niobium,Mo Molybdenum,Tc Technetium,Ru Ruthenium,Rh Rhodium,' +
  'Pd Palladium,Ag Silver,Cd Cadmium,In Indium,Sn Tin,Sb Antimony,Te Tellurium,I Iodine,Xe Xenon,Cs Caesium,Ba Barium,La Lanthanum,' +
  'Ce Cerium,Pr Praseodymium,Nd Neodymium,Pm Promethium,Sm Samarium,Eu Europium,Gd Gadolinium,Tb Terbium,Dy Dysprosium,Ho Holmium,' +
  'Er Erbium,Tm Thulium,Yb Ytterbium,Lu Lutetium,Hf Hafnium,Ta Tantalum,W Tungsten,Re Rhenium,Os Osmium,Ir Iridium,Pt Platinum,' +
  'Au Gold,Hg Mercury,Tl Thallium,Pb Lead,Bi Bismuth,Po Polonium,At Astatine,Rn Radon,Fr Francium,Ra Radium,Ac Actinium,Th Thorium,' +
  'Pa Protactinium,U Uranium,Np Neptunium,Pu Plutonium,Am Americium,Cm Curium,Bk Berkelium,Cf Californium,Es Einsteinium,Fm Fermium,' +
  'Md Mendelevium,No Nobelium,Lr Lawrencium,Rf Rutherfordium,Db Dubnium,Sg Seaborgium,Bh Bohrium,Hs Hassium,Mt Meitnerium,' +
  'Ds Darmstadtium,Rg Roentgenium,Cn Copernicium,Nh Nihonium,Fl Flerovium,Mc Moscovium,Lv Livermorium,Ts Tennessine,Og Oganesson';

const NOBLE = [0, 2, 10, 18, 36, 54, 86, 118];

/** Row and column of IUPAC's 18-column table, lanthanides 57–70 and actinides 89–102 set below it. */
function place(number: number): { row: number; column: number } {
  if (number >= 57 && number <= 70) return { row: 8, column: number - 57 + 3 };
  if (number >= 89 && number <= 102) return { row: 9, column: number - 89 + 3 };
  const row = NOBLE.findIndex((noble) => number <= noble);
  const before = NOBLE[row - 1] ?? 0;
  const after = NOBLE[row] ?? 118;
  // The s block counts from the left edge, everything else from the right one.
  return { row, column: number - before <= 2 && number !== 2 ? number - before : 18 - (after - number) };
}

export const ELEMENTS: readonly Element[] = NAMES.split(',').map((entry, index) => {
  const [symbol = '', name = ''] = entry.split(' ');
  return { number: index + 1, symbol, name, ...place(index + 1) };
});

export const ELEMENT_BY_SYMBOL: ReadonlyMap<string, Element> = new Map(
  ELEMENTS.map((element) => [element.symbol, element]),
);
