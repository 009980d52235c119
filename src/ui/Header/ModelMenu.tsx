/** Which model paints, what it is doing, and where to read about it. */
import { Popover } from '@base-ui/react/popover';
import { ChevronDown } from 'lucide-react';
import { retry } from '../../actions/all.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { useLensState } from '../lens-context.tsx';
import { Tip } from '../Tip/Tip.tsx';
import { bytes, parameters, phaseLabel } from '../words.ts';
import styles from './Header.module.css';

/** The bundled model's card, beside its weights. */
const MODEL_CARD = 'models/demo/README.md';

export function ModelMenu() {
  const name = useLensState((state) => state.model.info?.name ?? state.model.source.name);
  const phase = useLensState((state) => phaseLabel(state.model.phase));
  const failed = useLensState((state) => state.model.phase.phase === 'failed');
  return (
    <Popover.Root>
      <Tip text="The model that paints: its size, and what it is doing." side="bottom">
        <Popover.Trigger
          className={styles.trigger}
          aria-label={`Model: ${name}${phase === null ? '' : `. ${phase}`}`}
        >
          <span className={styles.model}>{name}</span>
          {phase !== null && (
            <span className={styles.phase} data-failed={failed}>
              {phase}
            </span>
          )}
          <ChevronDown aria-hidden size={14} />
        </Popover.Trigger>
      </Tip>
      <Popover.Portal>
        <Popover.Positioner
          side="bottom"
          align="start"
          sideOffset={6}
          collisionPadding={12}
          className={styles.positioner}
        >
          <Popover.Popup className={styles.popup}>
            <Popover.Title className={styles.popupTitle}>{name}</Popover.Title>
            <ModelWords />
            {failed && <ActionButton action={retry} look="solid" />}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ModelWords() {
  const info = useLensState((state) => state.model.info);
  const bundled = useLensState(
    (state) => state.model.source.kind === 'url' && state.model.source.baseUrl.endsWith('/models/demo/'),
  );
  const phase = useLensState((state) => phaseLabel(state.model.phase));
  return (
    <>
      {bundled && (
        <p className={styles.words}>
          A small demonstration model; the official ones can be loaded.{' '}
          <a href={MODEL_CARD} target="_blank" rel="noreferrer">
            Model card
          </a>
        </p>
      )}
      {info !== null && (
        <dl className={styles.sizes}>
          <dt>Parameters</dt>
          <dd>{parameters(info.parameters)}</dd>
          <dt>Weights</dt>
          <dd>{bytes(info.bytes)}</dd>
          <dt>Input</dt>
          <dd>
            {info.config.image_size} × {info.config.image_size}, patches of {info.config.patch_size}
          </dd>
          <dt>Encoder</dt>
          <dd>
            {info.config.num_hidden_layers} layers, {info.config.hidden_size} wide
          </dd>
          <dt>Decoder</dt>
          <dd>
            {info.config.decoder_num_hidden_layers} layers, {info.config.decoder_hidden_size} wide
          </dd>
        </dl>
      )}
      {info?.config.norm_pix_loss === true && (
        <p className={styles.words}>
          Trained on normalised pixels (norm_pix_loss): each patch gets the mean and the deviation of the
          original back, which the model itself did not paint.
        </p>
      )}
      {phase !== null && <p className={styles.words}>{phase}</p>}
    </>
  );
}
