/** What the page shows, and everything one can do on it. */
import { keyLabels } from '../../actions/action.ts';
import { allActions } from '../../actions/all.ts';
import { useLens, useLensState } from '../lens-context.tsx';
import { ModalDialog } from '../ModalDialog/ModalDialog.tsx';
import styles from './Help.module.css';

export function Help() {
  const lens = useLens();
  const open = useLensState((state) => state.view.help);
  return (
    <ModalDialog
      title="What you are looking at"
      open={open}
      onOpenChange={lens.setHelp}
      closeLabel="Close the help"
    >
      <div className={styles.columns}>
        <Story />
        <Shortcuts />
      </div>
    </ModalDialog>
  );
}

function Story() {
  return (
    <div className={styles.story}>
      <p>
        A masked autoencoder is a model that learned to see by a game: cut an image into squares, hide most of
        them, and paint the hidden ones from the rest. This page plays that game with a real model, in your
        browser. Your images never leave this device.
      </p>
      <h3>Two halves</h3>
      <p>
        The <em>encoder</em> gets the visible patches and nothing else. The <em>decoder</em> gets what the
        encoder made of them, with one and the same placeholder for every hidden patch, and paints all of
        them.
      </p>
      <h3>Why do visible patches look worse in the reconstruction?</h3>
      <p>
        In training the loss was computed on the hidden patches only. What the decoder paints where it could
        have copied was never graded, so it never learned to do that well. The fourth panel puts the originals
        back.
      </p>
      <h3>Why is it blurred?</h3>
      <p>
        Many images would fit what is visible. The model is graded by the mean squared error, and the safest
        answer to that is the average of all of them.
      </p>
      <h3>What did it learn?</h3>
      <p>
        The switch “Interpolation” adds a fifth panel, painted from the same patches without any model: the
        smoothest surface through them. What the reconstruction has and that one has not, the model knows from
        its training.
      </p>
      <h3>Looking closely</h3>
      <p>
        All panels zoom together: with the buttons beneath them, Ctrl or ⌘ with the wheel, two fingers, or a
        double click. Drag to move the image; on the masked panel, where dragging paints, use the middle
        button, two fingers, or the arrow keys.
      </p>
      <h3>The mask is yours</h3>
      <p>
        Draw on the masked panel with mouse, pen or finger: the first patch decides whether the stroke hides
        or reveals. With Shift it is a rectangle. By key: arrows move from patch to patch, Space turns one,
        Shift with arrows goes on from there, F fills. The address always holds the mask, so it can be shared.
      </p>
      <h3>The same mask as in Python</h3>
      <p>
        Seed and generator give the patches that PyTorch or NumPy would give; the call stands beside them. The
        loss is the reference’s: the mean squared error of the hidden patches, in normalised pixels.
      </p>
      <p className={styles.credits}>
        <a href="samples/CREDITS.md" target="_blank" rel="noreferrer">
          Credits of the sample images
        </a>
      </p>
    </div>
  );
}

function Shortcuts() {
  const lens = useLens();
  const samples = useLensState((state) => state.samples);
  const on = useLensState((state) => state.view.shortcuts);
  return (
    <div>
      <h3>Keyboard</h3>
      <ul className={styles.keys} data-off={!on}>
        {allActions(samples).map((action) => {
          const keys = keyLabels(action);
          if (keys.length === 0) return null;
          return (
            <li key={action.id}>
              <span>{action.label}</span>
              <span>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </span>
            </li>
          );
        })}
      </ul>
      <label className={styles.switch}>
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => lens.setShortcuts(event.currentTarget.checked)}
        />
        Single-key shortcuts
      </label>
    </div>
  );
}
