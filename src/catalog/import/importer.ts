import { InputError, type CatalogWriter, type FieldError, type MaterialImporter, type SourceInput } from '../../domain';
import { importMaterials } from './import-materials';
import { isWebAddress } from './web-address';

/** The MaterialImporter port over the catalogue's writer. */
export function createImporter(writer: CatalogWriter): MaterialImporter {
  return {
    async importMaterials({ format, content, source, onError }) {
      return importMaterials(writer, { format, content, source: checkedSource(source), onError: onError ?? undefined });
    },
  };
}

const MAX_LENGTH = { name: 200, url: 2_000, doi: 300, licence: 200 } as const;

/** Trimmed, without what is empty. @throws InputError, paths from `source` on */
export function checkedSource(source: SourceInput): SourceInput {
  const errors: FieldError[] = [];
  const text = (field: keyof typeof MAX_LENGTH): string | null => {
    const value = source[field]?.trim() ?? '';
    const refuse = (message: string) => errors.push({ path: ['source', field], message });
    if (value.length > MAX_LENGTH[field]) refuse(`${value.length} characters; at most ${MAX_LENGTH[field]} are kept`);
    else if (/\0|\p{Surrogate}/u.test(value)) refuse('holds a NUL character or half a surrogate pair');
    else if (field === 'name' && value === '') refuse('is empty; a data set has a name');
    else if (field === 'url' && value !== '' && !isWebAddress(value)) refuse('is no http or https address');
    return value === '' ? null : value;
  };
  const [name, url, doi, licence] = [text('name'), text('url'), text('doi'), text('licence')];
  if (errors.length > 0) throw new InputError(errors);
  return { name: name!, url, doi, licence };
}
