import { expect, it } from 'vitest';
import { runCommand } from './command.ts';

function node(script: string, timeoutMs: number) {
  return runCommand(process.execPath, ['-e', script], timeoutMs);
}

it('gives the exit code and everything that was written', async () => {
  const result = await node("console.log('out'); console.error('error'); process.exitCode = 3", 20_000);
  expect(result.exitCode).toBe(3);
  expect(result.output.split('\n').sort()).toEqual(['', 'error', 'out']);
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
  await expect(runCommand('no-such-command-anywhere', [], 1000)).rejects.toThrow(/ENOENT/);
});
