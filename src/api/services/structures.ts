import { crystalSystem, spaceGroupByNumber, structureToCif, structureToPoscar } from '../../catalog/structure';
import type { MaterialRecord, StructureRecord } from '../../domain';
import type { Context, StructureSource } from '../../../schema';

function spaceGroup({ spaceGroupNumber: number, spaceGroupSymbol }: MaterialRecord) {
  const system = number === null ? null : crystalSystem(number);
  const symbol = spaceGroupSymbol ?? (number === null ? null : spaceGroupByNumber(number)?.symbol);
  return number === null || system === null || symbol == null ? null : { number, symbol, crystalSystem: system };
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
