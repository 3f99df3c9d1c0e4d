export { createAsker, MAX_QUESTION_LENGTH } from './asker';
export { ENGLISH } from './languages/en';
