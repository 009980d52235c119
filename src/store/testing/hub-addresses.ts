/** Models on the hub, in any number, for property tests. */
import fc from 'fast-check';
import { type HubAddress, hubAddress } from '../../checkpoint/sources/address.ts';

const name = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9]|[._-][A-Za-z0-9]){0,12}$/);
/** With what names of branches and files may have. */
const part = fc.stringMatching(/^[A-Za-z0-9é@%&=+#,()'!$_-]{1,12}$/);
const path = fc.array(part, { maxLength: 3 }).map((parts) => parts.join('/'));
const revision = fc.oneof(
  fc.constantFrom('main', 'refs/pr/3', 'v1.0'),
  fc.stringMatching(/^[0-9a-f]{40}$/),
  fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
);
const weights = fc.oneof(
  fc.constantFrom('model.safetensors', 'pytorch_model.bin', 'model.safetensors.index.json'),
  part.map((file) => `${file}.pth`),
);

export const hubAddresses: fc.Arbitrary<HubAddress> = fc
  .record({
    repository: fc.tuple(name, name).map((both) => both.join('/')),
    revision,
    folder: path,
    weights: fc.option(weights),
  })
  .filter(({ repository }) => !repository.endsWith('.git'))
  .map(({ repository, ...parts }) => hubAddress(repository, parts));
