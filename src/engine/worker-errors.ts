import { transferHandlers } from 'comlink';
import { type ErrorCode, LensError } from '../base/errors.ts';

/** What a thrown error becomes on its way between threads. */
interface SerializedError {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly stack: string | undefined;
}

/**
 * Makes errors keep their code when they cross a worker; Comlink by itself passes name, message and stack only.
 * Both sides call this before anything else.
 */
export function keepErrorCodes(): void {
  const handler = transferHandlers.get('throw');
  if (handler === undefined) throw new Error('Comlink no longer has its handler for errors.');
  transferHandlers.set('throw', {
    canHandle: handler.canHandle,
    serialize: ({ value }: { value: unknown }): [SerializedError, Transferable[]] => [
      serializeError(value),
      [],
    ],
    deserialize: (error: SerializedError) => {
      throw deserializeError(error);
    },
  });
}

export function serializeError(value: unknown): SerializedError {
  const error = value instanceof Error ? value : new Error(String(value));
  return { code: error instanceof LensError ? error.code : null, message: error.message, stack: error.stack };
}

export function deserializeError({ code, message, stack }: SerializedError): Error {
  const error = code === null ? new Error(message) : new LensError(code, message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
