/** For tests: the runtime for Node, counting the sessions that are alive. */
import type * as Ort from 'onnxruntime-web';
import { loadNodeRuntime } from '../../runtime/testing/node-runtime.ts';
import { loadRuntimeBy } from '../runtime.ts';

export interface SessionCount {
  alive: number;
  made: number;
  /** Told before a session is made; what it throws is that session's failure. */
  beforeMaking: (number: number) => void;
}

/** Every session of the library is counted from here on. */
export function countSessions(): SessionCount {
  const count: SessionCount = { alive: 0, made: 0, beforeMaking: () => undefined };
  loadRuntimeBy(async (kind) => {
    const ort = await loadNodeRuntime(kind);
    const create = async (model: Uint8Array, options: Ort.InferenceSession.SessionOptions) => {
      count.made += 1;
      count.beforeMaking(count.made);
      const session = await ort.InferenceSession.create(model, options);
      count.alive += 1;
      const release = session.release.bind(session);
      session.release = () => {
        count.alive -= 1;
        return release();
      };
      return session;
    };
    return {
      ...ort,
      env: ort.env,
      Tensor: ort.Tensor,
      InferenceSession: { create },
    } as unknown as typeof Ort;
  });
  return count;
}
