import { enumType, interfaceType, objectType } from 'nexus';
import { ERROR_CODES, type ErrorCode as Code } from '../src/domain';
import type { Failure } from './context';
import { part } from './cost';

const MEANINGS: Record<Code, string> = {
  BAD_USER_INPUT: 'The input is wrong; `extensions.fields` or `fields` say where and what would be right.',
  INVALID_FORMULA: 'A chemical formula cannot be read.',
  UNSUPPORTED_ELEMENT: 'The model was never trained on an element of the composition.',
  NOT_FOUND: 'There is no such object, or it belongs to somebody else.',
  CONFLICT: 'The object is in a state that does not allow this.',
  IDEMPOTENCY_CONFLICT: 'The idempotency key was used before with another input.',
  UNAUTHENTICATED: 'The key is missing, unknown, expired or revoked.',
  FORBIDDEN: 'The key lacks the scope that this needs.',
  RATE_LIMITED: 'Too many points in this minute; retry after the time given.',
  COST_LIMIT_EXCEEDED: 'One operation asks for more points, or takes longer, than one operation may.',
  QUOTA_EXCEEDED: 'The predictions of this day are used up.',
  SEARCH_SPACE_TOO_LARGE: 'The design space holds more candidates than `maxCandidates`.',
  MODEL_UNAVAILABLE: 'The model cannot answer at present.',
  MODEL_OVERLOADED: 'Too many predictions are waiting; retry later.',
  INTERNAL: 'A failure on the side of the server; quote the request id.',
};

export const ErrorCode = enumType({
  name: 'ErrorCode',
  description:
    'The kind of a failure: `code` of the members of result unions, `extensions.code` of everything in `errors`.',
  members: ERROR_CODES.map((name) => ({ name, description: MEANINGS[name] })),
});

export const ErrorInterface = interfaceType({
  name: 'Error',
  description: 'What every member of a result union that is not the success has in common.',
  definition(t) {
    t.string('message', { description: 'What was wrong, where, and what would be right.' });
    t.field('code', { type: ErrorCode, description: 'The kind of the failure.' });
  },
  resolveType: (source) => errorType(source as Failure),
});

const TYPES = {
  BAD_USER_INPUT: 'ValidationError',
  INVALID_FORMULA: 'InvalidFormulaError',
  NOT_FOUND: 'NotFoundError',
  SEARCH_SPACE_TOO_LARGE: 'ValidationError',
  CONFLICT: 'ConflictError',
  IDEMPOTENCY_CONFLICT: 'ConflictError',
  QUOTA_EXCEEDED: 'QuotaExceededError',
} as const;

/** The member of a result union that shows this failure. */
export function errorType({ code }: Failure): (typeof TYPES)[keyof typeof TYPES] {
  return TYPES[code as keyof typeof TYPES];
}

export const FieldErrorType = objectType({
  name: 'FieldError',
  access: 'OWNER',
  description: 'One wrong field of an input.',
  definition(t) {
    t.list.string('path', { description: 'Argument names and list indices, outermost first.' });
    t.string('message', { description: 'What is wrong there, and what would be right.' });
  },
});

export const ValidationError = objectType({
  name: 'ValidationError',
  access: 'OWNER',
  description: 'The input is wrong; nothing was done.',
  definition(t) {
    t.implements(ErrorInterface);
    t.list.field('fields', { type: FieldErrorType, complexity: part, description: 'Every wrong field.' });
  },
});

export const NotFoundError = objectType({
  name: 'NotFoundError',
  access: 'OWNER',
  description: 'There is no such object, or it belongs to somebody else.',
  definition(t) {
    t.implements(ErrorInterface);
  },
});

export const ConflictError = objectType({
  name: 'ConflictError',
  access: 'OWNER',
  description: 'The object is in a state that does not allow this, or an idempotency key was used for something else.',
  definition(t) {
    t.implements(ErrorInterface);
  },
});

export const QuotaExceededError = objectType({
  name: 'QuotaExceededError',
  access: 'OWNER',
  description: 'The predictions of this day do not suffice.',
  definition(t) {
    t.implements(ErrorInterface);
    t.int('limit', { description: 'Predictions in a full day (UTC).' });
    t.int('remaining', { description: 'Predictions left today.' });
    t.dateTime('resetAt', { description: 'When the next day begins.' });
  },
});

export const InvalidFormulaError = objectType({
  name: 'InvalidFormulaError',
  access: 'OWNER',
  description: 'A chemical formula that cannot be read.',
  definition(t) {
    t.implements(ErrorInterface);
    t.string('formula', { description: 'The text as it was asked for.' });
    t.nullable.int('position', {
      description: 'Where it goes wrong, in UTF-16 code units from 0; null if it is not one place.',
    });
  },
});
