/** What a person can do with what the stage shows: the fifth panel, and the zoom. */
import { Maximize, Spline, ZoomIn, ZoomOut } from 'lucide-react';
import { FIT, MAX_ZOOM, zoomStep } from '../store/image/viewport.ts';
import type { PageAction } from './action.ts';

export const showInterpolation: PageAction = {
  id: 'interpolation',
  icon: Spline,
  keys: ['b'],
  perform: ({ lens }) => lens.toggleInterpolation(),
};

export const zoomIn: PageAction = {
  id: 'zoom-in',
  icon: ZoomIn,
  keys: ['+', '='],
  enabled: ({ viewport }) => viewport.zoom < MAX_ZOOM,
  perform: ({ lens }) => lens.setViewport(zoomStep(lens.store.getState().viewport, 'in')),
};

export const zoomOut: PageAction = {
  id: 'zoom-out',
  icon: ZoomOut,
  keys: ['-'],
  enabled: ({ viewport }) => viewport.zoom > 1,
  perform: ({ lens }) => lens.setViewport(zoomStep(lens.store.getState().viewport, 'out')),
};

export const zoomFit: PageAction = {
  id: 'zoom-fit',
  icon: Maximize,
  keys: ['0'],
  enabled: ({ viewport }) => viewport.zoom > 1,
  perform: ({ lens }) => lens.setViewport(FIT),
};

export const viewActions: readonly PageAction[] = [showInterpolation, zoomIn, zoomOut, zoomFit];
