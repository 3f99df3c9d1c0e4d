/** Names of mixtures: what they consist of is not told by the name. */
export const NOT_ONE_COMPOSITION = [
  'steel', 'stainless steel', 'brass', 'bronze', 'glass', 'concrete', 'cement', 'wood', 'plastic', 'rubber', 'air', 'solder', 'cast iron', 'granite', 'sand', 'clay', 'porcelain',
  'pewter', 'inconel', 'hastelloy', 'duralumin', 'amalgam', 'superalloy', 'perovskites', 'sialon', 'ito', 'indium gallium arsenide', 'indium gallium nitride', 'aluminium gallium arsenide',
  'aluminum gallium arsenide', 'indium tin oxide',
]; // prettier-ignore

/** Spellings of elements beside those of IUPAC. */
export const ELEMENT_SPELLINGS: Readonly<Record<string, string>> = {
  aluminum: 'Al',
  cesium: 'Cs',
  sulphur: 'S',
  wolfram: 'W',
  columbium: 'Nb',
  quicksilver: 'Hg',
};

/**
 * Anions of binary names and their charge; the oxoanions with their formula. IUPAC Nomenclature of Inorganic Chemistry (Red Book) 2005,
 * tables VI and IX; for titanates and the like the charge of the simple salts (MTiO3).
 */
export const ANIONS: Readonly<Record<string, readonly [formula: string, charge: number]>> = {
  oxide: ['O', -2],
  sulfide: ['S', -2],
  sulphide: ['S', -2],
  selenide: ['Se', -2],
  telluride: ['Te', -2],
  nitride: ['N', -3],
  phosphide: ['P', -3],
  arsenide: ['As', -3],
  antimonide: ['Sb', -3],
  bismuthide: ['Bi', -3],
  carbide: ['C', -4],
  silicide: ['Si', -4],
  fluoride: ['F', -1],
  chloride: ['Cl', -1],
  bromide: ['Br', -1],
  iodide: ['I', -1],
  hydride: ['H', -1],
  boride: ['B', -3],
  hydroxide: ['OH', -1],
  carbonate: ['CO3', -2],
  sulfate: ['SO4', -2],
  sulphate: ['SO4', -2],
  sulfite: ['SO3', -2],
  nitrate: ['NO3', -1],
  nitrite: ['NO2', -1],
  phosphate: ['PO4', -3],
  silicate: ['SiO3', -2],
  borate: ['BO3', -3],
  chlorate: ['ClO3', -1],
  perchlorate: ['ClO4', -1],
  titanate: ['TiO3', -2],
  zirconate: ['ZrO3', -2],
  stannate: ['SnO3', -2],
  hafnate: ['HfO3', -2],
  tungstate: ['WO4', -2],
  molybdate: ['MoO4', -2],
  chromate: ['CrO4', -2],
  vanadate: ['VO4', -3],
  niobate: ['NbO3', -1],
  tantalate: ['TaO3', -1],
  aluminate: ['AlO2', -1],
  ferrite: ['FeO2', -1],
  permanganate: ['MnO4', -1],
  cyanide: ['CN', -1],
};

export const MULTIPLIERS: Readonly<Record<string, number>> = {
  mono: 1,
  di: 2,
  tri: 3,
  tetra: 4,
  penta: 5,
  hexa: 6,
  hepta: 7,
  octa: 8,
  dodeca: 12,
};
