import type { Language } from '../../language';
import { COMMON_NAMES } from './common-names';
import { ANIONS, ELEMENT_SPELLINGS, MULTIPLIERS, NOT_ONE_COMPOSITION } from './nomenclature';
import { SENTENCES } from './sentences';
import { WORDS } from './words';

export const ENGLISH: Language = {
  code: 'en',
  names: {
    common: COMMON_NAMES,
    notOneComposition: NOT_ONE_COMPOSITION,
    elementSpellings: ELEMENT_SPELLINGS,
    anions: ANIONS,
    multipliers: MULTIPLIERS,
  },
  words: WORDS,
  sentences: SENTENCES,
};
