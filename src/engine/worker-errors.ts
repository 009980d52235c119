import { transferHandlers } from 'comlink';
import { type ErrorCode, type ErrorKey, LensError } from '../base/errors.ts';

/** What a thrown error becomes on its way between threads: no sentence where there is a key for it. */
type SerializedError =
  | { readonly key: ErrorKey; readonly params: unknown; readonly stack: string | undefined }
  | { readonly code: ErrorCode | null; readonly message: string; readonly stack: string | undefined };

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

function serializeError(value: unknown): SerializedError {
  const error = value instanceof Error ? value : new Error(String(value));
  const { message, stack } = error;
  if (error instanceof LensError && error.key !== null)
    return { key: error.key, params: error.params, stack };
  return { code: error instanceof LensError ? error.code : null, message, stack };
}

function deserializeError(serialized: SerializedError): Error {
  const error = revive(serialized);
  if (serialized.stack !== undefined) error.stack = serialized.stack;
  return error;
}

function revive(serialized: SerializedError): Error {
  if ('key' in serialized) return new LensError(serialized.key, serialized.params as never);
  const { code, message } = serialized;
  return code === null ? new Error(message) : new LensError(code, message);
}
