import { describe, expect, it } from 'vitest';
import type { Count } from './counts.ts';
import { runSteps, type Step } from './schedule.ts';
import { Turns } from './turns.ts';

const good: Count = { passed: 1, failed: 0, skipped: [] };
const bad: Count = { passed: 0, failed: 1, skipped: [] };
const silent = { say: () => {}, finish: () => {} };

function step(name: string, changes: Partial<Step> = {}): Step {
  return { name, needs: [], after: [], cores: 1, run: () => Promise.resolve(good), ...changes };
}

describe('runSteps', () => {
  it('runs every step, whatever happens to the others', async () => {
    const counts = await runSteps(
      [
        step('fails', { run: () => Promise.resolve(bad) }),
        step('throws', { run: () => Promise.reject(new Error('broken')) }),
        step('works', { after: ['fails'] }),
      ],
      1,
      silent,
    );
    expect([...counts]).toEqual([
      ['fails', bad],
      ['throws', bad],
      ['works', good],
    ]);
  });

  it('counts a step as failed when what it needs has failed, and does not run it', async () => {
    let ran = false;
    const said: string[] = [];
    const run = (): Promise<Count> => {
      ran = true;
      return Promise.resolve(good);
    };
    const counts = await runSteps(
      [step('e2e', { needs: ['build'], run }), step('build', { run: () => Promise.resolve(bad) })],
      2,
      { say: (name, text) => said.push(`${name}: ${text}`), finish: () => {} },
    );
    expect(ran).toBe(false);
    expect(counts.get('e2e')).toEqual(bad);
    expect(said).toEqual(['e2e: e2e: not run, because it needs: build\n']);
  });

  it('never uses more cores than there are, unless one step alone wants more', async () => {
    let busy = 0;
    const seen: number[] = [];
    const working = (cores: number) => async (): Promise<Count> => {
      busy += cores;
      seen.push(busy);
      await new Promise((resolve) => setTimeout(resolve, 5));
      busy -= cores;
      return good;
    };
    const steps = [1, 1, 2, 1, 3, 1].map((cores, i) => step(`s${i}`, { cores, run: working(cores) }));
    const counts = await runSteps(steps, 2, silent);
    expect(counts.size).toBe(6);
    expect(seen.filter((cores) => cores > 2)).toEqual([3]);
    expect(seen).toContain(2);
  });

  it('says so when steps wait for each other', async () => {
    const steps = [step('a', { after: ['b'] }), step('b', { needs: ['a'] })];
    await expect(runSteps(steps, 2, silent)).rejects.toThrow(/a, b/);
  });
});

describe('Turns', () => {
  it('tells overlapping steps one after the other', () => {
    let told = '';
    const turns = new Turns(['a', 'b', 'c'], (text) => {
      told += text;
    });
    turns.say('b', 'b1 ');
    turns.say('a', 'a1 ');
    turns.say('c', 'c1 ');
    turns.finish('c');
    turns.say('a', 'a2 ');
    expect(told).toBe('a1 a2 ');
    turns.finish('a');
    expect(told).toBe('a1 a2 b1 ');
    turns.say('b', 'b2 ');
    turns.finish('b');
    expect(told).toBe('a1 a2 b1 b2 c1 ');
  });
});
