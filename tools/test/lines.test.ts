import { expect, it } from 'vitest';
import { withoutLines } from './lines.ts';

it('leaves out the lines that match, however the text is cut', () => {
  const said: string[] = [];
  const say = withoutLines(/^ok\b/, (text) => said.push(text));
  for (const text of ['# gol', 'den\nok   logits 0\nFAIL lo', 'ss 1\no', 'k mask 0\n1 passed\n']) say(text);
  expect(said).toEqual(['# golden\n', 'FAIL loss 1\n', '1 passed\n']);
});
