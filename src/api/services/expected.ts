import { BeagleError, InputError, type ErrorCode } from '../../domain';
import type { Failure } from '../../../schema';

/** What `work` gives, or, of a failure that the mutation's result union has a member for, the failure as data. */
export async function asData<T>(expected: ReadonlySet<ErrorCode>, work: () => Promise<T>): Promise<T | Failure> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BeagleError) || !expected.has(error.code)) throw error;
    const { code, message, fields, details } = error;
    return { ...(error instanceof InputError || fields.length > 0 ? { fields } : {}), ...details, code, message };
  }
}
