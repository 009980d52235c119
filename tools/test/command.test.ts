import { expect, it } from 'vitest';
import { runCommand } from './command.ts';

function node(script: string, timeoutMs: number, said: string[] = []) {
  return runCommand(process.execPath, ['-e', script], { say: (text) => said.push(text), timeoutMs });
}

it('gives the exit code and everything that was written, and says it as it comes', async () => {
  const said: string[] = [];
  const result = await node("console.log('out'); console.error('error'); process.exitCode = 3", 20_000, said);
  expect(result.exitCode).toBe(3);
  expect(result.output.split('\n').sort()).toEqual(['', 'error', 'out']);
  expect(said.join('')).toBe(result.output);
});

it('stops what hangs, with what it started, and does not call that a success', async () => {
  // The inner process holds the outer one's output open: the command has only ended when both are gone.
  const hang = 'setInterval(() => {}, 1000)';
  const script = `require('child_process').spawn(process.execPath, ['-e', '${hang}'], { stdio: 'inherit' }); ${hang}`;
  const start = performance.now();
  const result = await node(script, 1500);
  expect(result.exitCode).toBeNull();
  expect(result.output).toContain('stopped after');
  expect(performance.now() - start).toBeLessThan(5500);
});

it('rejects when there is no such command', async () => {
  const options = { say: () => {}, timeoutMs: 1000 };
  await expect(runCommand('no-such-command-anywhere', [], options)).rejects.toThrow(/ENOENT/);
});
