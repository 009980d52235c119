/** Tells screen readers the steps, politely: what was opened, what the model does, what was painted. */

import { useEffect, useState } from 'react';
import { en } from '../../locales/en.ts';
import { type LensState, resultStatus, shownResult } from '../../store/state.ts';
import { useLens } from '../lens-context.tsx';
import { sweepStepWords } from '../Sweep/words.ts';
import { decibels, deviceLabel, loss } from '../words.ts';

/** A result is told when the visitor's hand has rested this long. */
const SETTLED_MS = 700;

export function Announcer() {
  const { store, runs } = useLens();
  const [words, setWords] = useState('');

  useEffect(() => {
    let step = stepWords(store.getState());
    let painted = '';
    let measured = measurementWords(store.getState());
    let timer: number | undefined;
    const unsubscribe = store.subscribe((state) => {
      const now = stepWords(state);
      if (now !== step) {
        step = now;
        if (now !== '') setWords(now);
      }
      const measurement = measurementWords(state);
      if (measurement !== measured) {
        measured = measurement;
        if (measurement !== '') setWords(measurement);
      }
      window.clearTimeout(timer);
      const result = resultWords(state);
      if (result === painted || result === '') return;
      timer = window.setTimeout(() => {
        painted = result;
        setWords(result);
      }, SETTLED_MS);
    });
    return () => {
      window.clearTimeout(timer);
      unsubscribe();
    };
  }, [store]);

  useEffect(
    () =>
      runs.store.subscribe(({ sweeps }, { sweeps: before }) => {
        for (const kind of ['seeds', 'ratios'] as const) {
          const now = sweepStepWords(sweeps[kind]);
          if (now !== '' && now !== sweepStepWords(before[kind])) setWords(now);
        }
      }),
    [runs],
  );

  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {words}
    </p>
  );
}

/** Steps, not bytes. Failures are alerts of their own. */
function stepWords({ model, opening }: LensState): string {
  if (opening !== null) return `Opening ${opening}.`;
  switch (model.phase.phase) {
    case 'loading':
      return 'Loading the model.';
    case 'compiling':
      return 'Compiling the model.';
    case 'warming-up':
      return 'Warming the model up.';
    case 'ready':
      return `The model is ready, on ${model.info === null ? 'this device' : deviceLabel(model.info.device)}.`;
    default:
      return '';
  }
}

function measurementWords({ agreement: { measuring, measured } }: LensState): string {
  if (measuring === null)
    return measured === null
      ? ''
      : `${en.dtypes[measured.dtype]} was measured: ${decibels(measured.lowestPsnr)} at worst.`;
  const { dtype, second, step } = measuring;
  return step?.phase === 'comparing'
    ? `Comparing ${en.dtypes[dtype]} with float32.`
    : `Loading a ${en.dtypes[second]} copy of the model, to measure ${en.dtypes[dtype]}.`;
}

function resultWords(state: LensState): string {
  const result = shownResult(state);
  const status = resultStatus(state);
  if (result === null || (status !== null && status !== 'precomputed')) return '';
  const { patches, seen } = result.masking;
  const error = result.loss === null ? 'no masked patch' : `loss ${loss(result.loss)}`;
  return `${state.image?.name ?? 'Image'}: ${patches - seen} of ${patches} patches hidden and painted, ${error}.`;
}
