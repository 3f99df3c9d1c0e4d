export { agreesWithSites, cellContent, cellDensity, type Crystal } from './crystal';
export { readCifBlock } from './cif';
export { parseCif, cifText, type CifBlock, type CifValue } from './cif-syntax';
export { FileFormatError, quote } from './format-error';
export { lattice, latticeFromVectors, latticeVectors, toCartesian, toFractional, type Vector } from './lattice';
export { readPoscar } from './poscar';
export { crystalSystem, spaceGroupByNumber, spaceGroupBySymbol, type SpaceGroup } from './space-groups';
export { wrap } from './symmetry';
export { structureToCif, structureToPoscar } from './structure-text';
