/** The model in use, in numbers. */
import { geometryOf, patchCount } from '../../mae/geometry.ts';
import { useLensState } from '../lens-context.tsx';
import { bytes, parameters } from '../words.ts';
import styles from './Models.module.css';
import { SaveAsOnnx } from './SaveAsOnnx.tsx';

/** The bundled model's card, beside its weights. */
const MODEL_CARD = 'models/demo/README.md';

export function ModelFacts() {
  const info = useLensState((state) => state.model.info);
  const name = useLensState((state) => state.model.info?.name ?? state.model.source.name);
  const bundled = useLensState((state) => (state.model.inUse ?? state.model.source).kind === 'url');
  return (
    <section className={styles.current} aria-label="The model in use">
      <p className={styles.name}>
        <strong>{name}</strong>
        {bundled && (
          <a href={MODEL_CARD} target="_blank" rel="noreferrer">
            Model card
          </a>
        )}
      </p>
      {bundled && (
        <p className={styles.words}>A small demonstration model; the official ones can be loaded below.</p>
      )}
      {info === null ? (
        <p className={styles.words}>No model is ready yet.</p>
      ) : (
        <dl className={styles.facts}>
          <Fact name="Parameters">{parameters(info.parameters)}</Fact>
          <Fact name="Weights">{bytes(info.bytes)}</Fact>
          <Fact name="Input">
            {info.config.image_size} × {info.config.image_size} pixels
          </Fact>
          <Fact name="Patches">
            {patchCount(geometryOf(info.config).grid)} of {info.config.patch_size} × {info.config.patch_size}
          </Fact>
          <Fact name="Encoder">
            {info.config.num_hidden_layers} layers, {info.config.hidden_size} wide
          </Fact>
          <Fact name="Decoder">
            {info.config.decoder_num_hidden_layers} layers, {info.config.decoder_hidden_size} wide
          </Fact>
        </dl>
      )}
      {info?.assumptions !== undefined && <p className={styles.words}>{info.assumptions}</p>}
      {info?.config.norm_pix_loss === true && (
        <p className={styles.words}>
          Trained on normalised pixels (norm_pix_loss): each patch gets the mean and the deviation of the
          original back, which the model itself did not paint.
        </p>
      )}
      {info !== null && <SaveAsOnnx />}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
