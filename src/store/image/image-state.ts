import type { ModelInfo, PreparedImage } from '../../engine/engine.ts';
import { geometryOf, sameImage } from '../../mae/geometry.ts';
import type { Sample } from './samples.ts';
import { FIT, type Viewport } from './viewport.ts';

export interface Image {
  /** Changes with every image, and stays when the same one is prepared again for another model. */
  readonly key: number;
  readonly name: string;
  /** Kept, so that the image can be prepared again for another model. */
  readonly blob: Blob;
  readonly prepared: PreparedImage;
  /** The model for which it was prepared; null while none was loaded. */
  readonly preparedWith: ModelInfo | null;
}

export interface ImageState {
  readonly samples: readonly Sample[];
  readonly image: Image | null;
  /** The name of an image that is being opened. */
  readonly opening: string | null;
  /** The id of the sample that is to come onto the stage, at first the first one; null once it is there or failed. */
  readonly wantedSample: string | null;
  /** The patch under the pointer or in focus. */
  readonly patch: number | null;
  /** The part of the image that all panels show. */
  readonly viewport: Viewport;
}

export function startImage(samples: readonly Sample[]): ImageState {
  return {
    samples,
    image: null,
    opening: null,
    wantedSample: samples[0]?.id ?? null,
    patch: null,
    viewport: FIT,
  };
}

/** Whether an image was prepared for what this model takes. */
export function fits(
  { prepared, preparedWith }: Pick<Image, 'prepared' | 'preparedWith'>,
  info: ModelInfo,
): boolean {
  return (
    sameImage(prepared.geometry, geometryOf(info.config)) &&
    preparedWith !== null &&
    (preparedWith === info || JSON.stringify(preparedWith.preprocessor) === JSON.stringify(info.preprocessor))
  );
}
