import { expect, test } from 'vitest';
import { consoleOutput } from './output.ts';

function stream(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  return { written, stream: { isTTY, columns: 12, write } };
}

test('on a terminal the status is one line that is taken back', () => {
  const { written, stream: terminal } = stream(true);
  const output = consoleOutput(terminal);
  output.status('10 of 100');
  output.status('a line that would wrap');
  output.line('done');
  output.status(null);
  expect(written).toEqual(['10 of 100', '\r         \r', 'a line that', '\r           \r', 'done\n']);
});

test('in a log the status is a line now and then', () => {
  const { written, stream: log } = stream(false);
  let now = 0;
  const output = consoleOutput(log, () => now);
  for (const percent of [0, 10, 20, 30]) {
    output.status(`${percent} %`);
    now += 2500;
  }
  output.status(null);
  output.status('next');
  expect(written).toEqual(['0 %\n', '20 %\n', 'next\n']);
});
