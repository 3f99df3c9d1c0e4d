import { InputError, type FieldError, type MaterialImporter } from '../../domain';
import type { Context } from '../../../schema';

/** Imports, whose wrong input is answered as data. */
export function importService(importer: MaterialImporter): Context['imports'] {
  return {
    async importMaterials(input) {
      try {
        const result = await importer.importMaterials(input);
        if (result.imported) return result;
        return rejected(result.errors.map(({ row, message }) => ({ path: ['content', String(row)], message })));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        return rejected(error.fields);
      }
    },
  };
}

function rejected(errors: readonly FieldError[]) {
  const fields = errors.map(({ path, message }) => ({ path: ['input', ...path], message }));
  const [first] = fields;
  const rest = fields.length > 1 ? ` (and ${fields.length - 1} more)` : '';
  const message = `nothing was imported: ${first!.path.slice(1).join(' ')}: ${first!.message}${rest}`;
  return { code: 'BAD_USER_INPUT' as const, message, fields };
}
