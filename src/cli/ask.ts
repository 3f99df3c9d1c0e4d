import { parseArgs } from 'node:util';
import { createAsker, ENGLISH } from '../ask';
import { readConfig } from '../config';
import { openPredictor, openReader } from '../services';
import { runCommand, UsageError } from './command';

const USAGE = `Ask Darwin a question in plain words.

  npm run ask -- "QUESTION"
  npm run ask -- "What is the band gap of gallium arsenide in meV?"

  --json               the answer as one JSON object`;

runCommand(USAGE, async (args, signal) => {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: 'boolean' } } });
  const question = positionals.join(' ');
  if (question.trim() === '') throw new UsageError('a question is needed');
  const [predictor, reader] = await Promise.all([openPredictor(readConfig()), openReader()]);
  try {
    const answer = await createAsker(reader, [ENGLISH]).answer(question, async (request) => {
      const [result] = await predictor.predict([request], { signal });
      if (result instanceof Error) throw result;
      return result!;
    });
    if (values.json) {
      const { composition, other, prediction, otherPrediction: _, ...rest } = answer;
      const of = { composition: composition?.formula ?? null, other: other?.formula ?? null };
      console.log(JSON.stringify({ ...rest, ...of, conditions: prediction?.conditions, model: prediction?.modelId }));
    } else {
      console.log(answer.text);
    }
    if (!answer.understood) process.exitCode = 1;
  } finally {
    await Promise.all([predictor.close(), reader.close()]);
  }
});
