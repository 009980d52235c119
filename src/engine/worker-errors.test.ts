import { expose, wrap } from 'comlink';
import { expect, test } from 'vitest';
import { LensError } from '../base/errors.ts';
import { keepErrorCodes } from './worker-errors.ts';

test('a LensError keeps class, code and text across threads, other errors their text', async () => {
  keepErrorCodes();
  const { port1, port2 } = new MessageChannel();
  expose(
    {
      refuse() {
        throw new LensError('image-empty', 'This file is empty.');
      },
      break() {
        throw new TypeError('x is undefined');
      },
    },
    port1,
  );
  const remote = wrap<{ refuse(): void; break(): void }>(port2);
  const refused: unknown = await remote.refuse().catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(LensError);
  expect(refused).toMatchObject({ code: 'image-empty', message: 'This file is empty.' });
  const broken: unknown = await remote.break().catch((error: unknown) => error);
  expect(broken).not.toBeInstanceOf(LensError);
  expect(broken).toMatchObject({ message: 'x is undefined' });
  port1.close();
  port2.close();
});
