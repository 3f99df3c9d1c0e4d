import { spaceGroupByNumber, structureToCif, structureToPoscar } from '../../catalog/structure';
import type { MaterialRecord, StructureRecord } from '../../domain';
import type { Context, StructureSource } from '../../../schema';

/** International Tables A: the last space group of each crystal system. */
const CRYSTAL_SYSTEMS = [
  [2, 'triclinic'],
  [15, 'monoclinic'],
  [74, 'orthorhombic'],
  [142, 'tetragonal'],
  [167, 'trigonal'],
  [194, 'hexagonal'],
  [230, 'cubic'],
] as const;

function spaceGroup({ spaceGroupNumber: number, spaceGroupSymbol }: MaterialRecord) {
  const system = CRYSTAL_SYSTEMS.find(([last]) => number !== null && number <= last)?.[1];
  const symbol = spaceGroupSymbol ?? (number === null ? null : spaceGroupByNumber(number)?.symbol);
  return number === null || system === undefined || symbol == null ? null : { number, symbol, crystalSystem: system };
}

const title = ({ material: { composition, externalId } }: StructureSource): string =>
  externalId === null ? composition.formula : `${composition.formula} ${externalId}`;

export function structureService(load: (materialId: string) => Promise<StructureRecord | null>): Context['structures'] {
  return {
    async ofMaterial(material) {
      const structure = await load(material.id);
      return structure === null ? null : { material, structure };
    },
    spaceGroup,
    cif: (source) => structureToCif(source.structure, title(source)),
    poscar: (source) => structureToPoscar(source.structure, title(source)),
  };
}
