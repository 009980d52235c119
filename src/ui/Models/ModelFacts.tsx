/** The model in use, in numbers. */
import type { ModelInfo } from '../../engine/engine.ts';
import { geometryOf, patchCount } from '../../mae/geometry.ts';
import { useLensState, useWords } from '../lens-context.tsx';
import styles from './Models.module.css';
import { SaveAsOnnx } from './SaveAsOnnx.tsx';

/** The bundled model's card, beside its weights. */
const MODEL_CARD = 'models/demo/README.md';

export function ModelFacts() {
  const words = useWords().models.inUse;
  const info = useLensState((state) => state.model.info);
  const name = useLensState((state) => state.model.info?.name ?? state.model.source.name);
  const bundled = useLensState((state) => (state.model.inUse ?? state.model.source).kind === 'url');
  return (
    <section className={styles.current} aria-label={words.label}>
      <p className={styles.name}>
        <strong>{name}</strong>
        {bundled && (
          <a href={MODEL_CARD} target="_blank" rel="noreferrer">
            {words.card}
          </a>
        )}
      </p>
      {bundled && <p className={styles.words}>{words.bundled}</p>}
      {info === null ? <p className={styles.words}>{words.none}</p> : <Facts info={info} />}
      {info?.assumptions !== undefined && <p className={styles.words}>{info.assumptions}</p>}
      {info?.config.norm_pix_loss === true && <p className={styles.words}>{words.normalised}</p>}
      {info !== null && <SaveAsOnnx />}
    </section>
  );
}

function Facts({ info }: { readonly info: ModelInfo }) {
  const words = useWords().models.inUse;
  const { config } = info;
  return (
    <dl className={styles.facts}>
      <Fact name={words.parameters.name}>{words.parameters.value(info.parameters)}</Fact>
      <Fact name={words.weights.name}>{words.weights.value(info.bytes)}</Fact>
      <Fact name={words.input.name}>{words.input.value(config.image_size)}</Fact>
      <Fact name={words.patches.name}>
        {words.patches.value({
          count: patchCount(geometryOf(config).grid),
          side: config.patch_size,
        })}
      </Fact>
      <Fact name={words.encoder.name}>
        {words.encoder.value({ layers: config.num_hidden_layers, width: config.hidden_size })}
      </Fact>
      <Fact name={words.decoder.name}>
        {words.decoder.value({
          layers: config.decoder_num_hidden_layers,
          width: config.decoder_hidden_size,
        })}
      </Fact>
    </dl>
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
