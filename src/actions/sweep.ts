/** What a person can do with many runs at once. */
import { ChartSpline } from 'lucide-react';
import type { PageAction } from './action.ts';

export const showSweep: PageAction = {
  id: 'sweep',
  icon: ChartSpline,
  keys: ['v'],
  perform: ({ lens }) => lens.sweeps.setOpen(!lens.sweeps.store.getState().open),
};
