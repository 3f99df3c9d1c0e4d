export { agreesWithSites, cellContent, cellDensity, type Crystal } from './crystal';
export { readCifBlock } from './cif';
export { parseCif, cifText, type CifBlock, type CifValue } from './cif-syntax';
export { FileFormatError, quote } from './format-error';
export { lattice } from './lattice';
export { readPoscar } from './poscar';
export { spaceGroupByNumber, spaceGroupBySymbol, type SpaceGroup } from './space-groups';
export { structureToCif, structureToPoscar } from './structure-text';
