/** What a person can do with many runs at once. */
import { ChartSpline } from 'lucide-react';
import type { Action } from './action.ts';

export const showRuns: Action = {
  id: 'several-runs',
  label: 'Several runs',
  explanation: 'Many seeds, averaged, with where they differ; and the loss at every ratio as a chart.',
  icon: ChartSpline,
  keys: ['v'],
  perform: ({ lens }) => lens.runs.setOpen(!lens.runs.store.getState().open),
};
