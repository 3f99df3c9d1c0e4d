import { ELEMENTS } from '../../../chemistry';
import type { Words } from '../../language';

/** Symbols that are also words or units, words that happen to be formulas, and acronyms that would be read as compounds. */
const NOT_FORMULAS =
  'I In As At He No Be Am Os Is On Of Or So Up Us We Do If My By Go Me An Hi It To OK PC TV US UK UN EU NY PhD CPU ICU FBI CIA BBC CNN CBS NBC HBO UFO VIP SUV BBQ IOU COVID HIV NO PBE DFT UTS CTE BCC FCC HCP BMG HEA HV PF COP VASP SHE HIS HOW WHO WHY NOW HOT IS IN OF ON AS IF BY FOR CAN IT Tc TC Tm Tb Tg Cp CP Ef Eg Hf PH pH Can How Who What His Her Hot';
/** "of Fe": a symbol that may be a word is meant as an element only after one of these. */
const BEFORE_SYMBOL =
  /^(?:of|for|element|pure|metal|elemental|is|does|has|or|and|than|versus|vs\.?|between|solid|liquid|metallic|crystalline)$/i;

export const WORDS: Words = {
  idioms:
    /lithium[- ]ions?\b|\bli[- ]ions?\b|\bli\+|lithium[- ](?=conduct|diffus|mobil|transport)|liquid (?:nitrogen|helium|hydrogen)|copper[- ]mou?ld|sodium (?:light|d[- ]line|lamp)|diamond[- ](?:indenter|anvil|tip|like|cone)|mercury lamp|(?:by|of|in|on) weight|x-ray|he-ne|hene laser|lead(?:s|ing)? to\b|iron out|water[- ]quench\w*|in (?:air|water|vacuum|argon|nitrogen)\b|marble[- ]like|tin foil|carbon dating/giu,
  notFormulas: new Set(NOT_FORMULAS.split(' ')),
  beforeSymbol: BEFORE_SYMBOL,
  afterSymbol: /^(?:or|versus|vs\.?|than)$/i,
  between: /^[^.?!]{0,40}?(?:\bor\b|\bthan\b|\bversus\b|\bvs\b|\band\b|,)[^.?!]{0,40}$/iu,
  beforeUnit:
    /(?:\bin(?: units? of)?|\bexpressed (?:in|as)|\bhow many|\bnumber of|(?<=\s)[([]|\bgive\s+(?:me\s+)?)\s*/u,
  units: [
    [/^milli-?electron-?\s?volts? per atom/i, 'meV/atom'],
    [/^electron-?\s?volts? per atom/i, 'eV/atom'],
    [/^milli-?electron-?\s?volts?/i, 'meV'],
    [/^electron-?\s?volts?/i, 'eV'],
    [/^micro-?volts? (?:per|\/) ?(?:kelvin|k|degree)/i, 'uV/K'],
    [/^milli-?volts? (?:per|\/) ?(?:kelvin|k|degree)/i, 'mV/K'],
    [/^watts? per (?:meter|metre)[ -]*(?:and |per |times )?kelvin/i, 'W/(m K)'],
    [/^siemens (?:per|\/) ?(?:centimet(?:er|re)|cm)/i, 'S/cm'],
    [/^siemens (?:per|\/) ?(?:met(?:er|re)|m)/i, 'S/m'],
    [/^grams? (?:per|\/) ?(?:cubic centimet(?:er|re)|cm3|ccm|cc)/i, 'g/cm^3'],
    [/^kilograms? (?:per|\/) ?(?:cubic met(?:er|re)|m3)/i, 'kg/m^3'],
    [/^kilo-?joules? (?:per|\/|a) ?mole?(?: of atoms)?/i, 'kJ/mol'],
    [/^joules? (?:per|\/) ?mole?[ -]*(?:and |per |times )?kelvin/i, 'J/(mol K)'],
    [/^giga-?pascals?/i, 'GPa'],
    [/^mega-?pascals?/i, 'MPa'],
    [/^kilo-?pascals?/i, 'kPa'],
    [/^pascals?/i, 'Pa'],
    [/^(?:degrees?|deg\.?|°)? ?(?:celsius|centigrade)/i, 'degC'],
    [/^(?:degrees?|deg\.?|°) ?C\b/i, 'degC'],
    [/^C\b/, 'degC'],
    [/^(?:degrees?|deg\.?|°)? ?fahrenheit/i, 'degF'],
    [/^(?:degrees?|deg\.?|°) ?F\b/i, 'degF'],
    [/^milli-?kelvins?/i, 'mK'],
    [/^(?:degrees? )?kelvins?\b/i, 'K'],
    [/^cubic (?:angstroms?|ångströms?) per atom/i, 'angstrom^3/atom'],
    [/^(?:cubic (?:angstroms?|ångströms?)|(?:Å|Å|A|angstroms?) ?(?:\^ ?3|³|3))(?: ?\/ ?atom)?/i, 'angstrom^3/atom'],
    [/^nano-?met(?:er|re)s?/i, 'nm'],
    [/^micro-?met(?:er|re)s?|^microns?/i, 'um'],
    [/^milli-?met(?:er|re)s?/i, 'mm'],
    [/^centi-?met(?:er|re)s?/i, 'cm'],
    [/^milli-?newtons?/i, 'mN'],
    [/^newtons?/i, 'N'],
    [/^wave ?numbers?/i, '1/cm'],
    [/^terahertz/i, 'THz'],
    [/^per ?cent/i, '%'],
    [/^per kelvin/i, '1/K'],
    [/^ppm (?:per|\/) ?(?:kelvin|k)/i, 'ppm/K'],
    [/^vickers(?: units?)?/i, 'HV'],
  ],
  roomTemperature: /\b(?:room|ambient) (?:temperature|temp\.?)|\broom[- ]temperature|\bRT\b/iu,
  visibleLight: /\bvisible\b|\bsodium\b|\byellow light\b/iu,
  categories: [
    [/\bas[- ]cast\b|\bcast\b(?! as| into| in bulk)/iu, { processing: 'CAST' }],
    [/\banneal(?:ed|ing)\b|\bhomogeni[sz]ed\b|\bheat[- ]treat/iu, { processing: 'ANNEALED' }],
    [/\bwrought\b|\brolled\b|\bforged\b|\bcold[- ]worked\b|\bextruded\b/iu, { processing: 'WROUGHT' }],
    [/\bpowder\b|\bsinter/iu, { processing: 'POWDER' }],
    [/\bcompress(?:ion|ive)\b/iu, { testType: 'COMPRESSION' }],
    [
      /\bin tension\b|\btensile test|\btensile (?=yield|elongation|ductility|strain)|\bpulled\b/iu,
      { testType: 'TENSION' },
    ],
  ],
};

/** English names as they stand in a sentence: iron, not Iron. */
export const elementName = (symbol: string): string =>
  ELEMENTS.find((element) => element.symbol === symbol)?.name.toLowerCase() ?? symbol;
