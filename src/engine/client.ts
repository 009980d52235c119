import type { Engine } from './engine.ts';
import { LensEngine } from './lens-engine.ts';
import { workerExecutor } from './worker-executor.ts';

/** The page's engine, with its heavy work in workers. */
export function createEngine(): Engine {
  return new LensEngine(workerExecutor());
}
