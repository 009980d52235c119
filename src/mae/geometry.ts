/**
 * How an image is cut into patches: the one place that multiplies sizes. Apart from config.ts, so that the page has it
 * without that one's schema.
 */

/** Patches, row by row. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
}

/** What an image is to the model: its patches, their side p in pixels, and the channels C of a pixel. */
export interface Geometry {
  readonly grid: Grid;
  readonly patchSize: number;
  readonly channels: number;
}

/** The side of a square image in pixels, or its height and width. */
export type ImageSides = number | readonly [height: number, width: number];

/** Sizes of image and patch in pixels, named as in config.json. */
interface Sizes {
  readonly image_size: ImageSides;
  readonly patch_size: number;
  readonly num_channels: number;
}

/** Of a model, from its config.json. */
export function geometryOf({ image_size, patch_size, num_channels }: Sizes): Geometry {
  const [height, width] = heightAndWidth(image_size);
  const grid = { rows: height / patch_size, columns: width / patch_size };
  return { grid, patchSize: patch_size, channels: num_channels };
}

export function heightAndWidth(size: ImageSides): readonly [height: number, width: number] {
  return typeof size === 'number' ? [size, size] : size;
}

export function squareGrid(side: number): Grid {
  return { rows: side, columns: side };
}

/** L: patches in an image. */
export function patchCount({ rows, columns }: Grid): number {
  return rows * columns;
}

/** Pixels in a patch, p·p. */
export function patchArea({ patchSize }: Pick<Geometry, 'patchSize'>): number {
  return patchSize * patchSize;
}

/** N = p·p·C: values in a patch. */
export function patchLength(geometry: Pick<Geometry, 'patchSize' | 'channels'>): number {
  return patchArea(geometry) * geometry.channels;
}

/** H, in pixels. */
export function imageHeight({ grid, patchSize }: Pick<Geometry, 'grid' | 'patchSize'>): number {
  return grid.rows * patchSize;
}

/** W, in pixels. */
export function imageWidth({ grid, patchSize }: Pick<Geometry, 'grid' | 'patchSize'>): number {
  return grid.columns * patchSize;
}

/** Both, in pixels. */
export function imageSize(geometry: Pick<Geometry, 'grid' | 'patchSize'>): { height: number; width: number } {
  return { height: imageHeight(geometry), width: imageWidth(geometry) };
}

/** H·W */
export function pixelCount(geometry: Pick<Geometry, 'grid' | 'patchSize'>): number {
  return imageHeight(geometry) * imageWidth(geometry);
}

/** C·H·W = L·N: values in an image. */
export function valueCount(geometry: Geometry): number {
  return pixelCount(geometry) * geometry.channels;
}

/** A patch's number, counted row by row from 0. */
export function cellOf(row: number, column: number, { columns }: Grid): number {
  return row * columns + column;
}

/** The patch's row, from 0. */
export function rowOf(cell: number, { columns }: Grid): number {
  return Math.floor(cell / columns);
}

/** The patch's column, from 0. */
export function columnOf(cell: number, { columns }: Grid): number {
  return cell % columns;
}

/** The patch in which a pixel lies. */
export function cellOfPixel(x: number, y: number, { grid, patchSize }: Geometry): number {
  return cellOf(Math.floor(y / patchSize), Math.floor(x / patchSize), grid);
}

/** A place in whole pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Where a patch lies in an image that is drawn `width` by `height` pixels large: on whole pixels, side by side without
 * gaps.
 */
export function cellRectangle(cell: number, grid: Grid, width: number, height: number): Rectangle {
  const [row, column] = [rowOf(cell, grid), columnOf(cell, grid)];
  const x = cellBorder(column, grid.columns, width);
  const y = cellBorder(row, grid.rows, height);
  return {
    x,
    y,
    width: cellBorder(column + 1, grid.columns, width) - x,
    height: cellBorder(row + 1, grid.rows, height) - y,
  };
}

/** Where the border before column or row `index` of `count` lies along a side of `length` whole pixels. */
export function cellBorder(index: number, count: number, length: number): number {
  return Math.round((index * length) / count);
}

export function sameGrid(a: Grid, b: Grid): boolean {
  return a.rows === b.rows && a.columns === b.columns;
}

/** Whether an image prepared for one is what the other takes, however each cuts it into patches. */
export function sameImage(a: Geometry, b: Geometry): boolean {
  return imageHeight(a) === imageHeight(b) && imageWidth(a) === imageWidth(b) && a.channels === b.channels;
}

export function sameGeometry(a: Geometry, b: Geometry): boolean {
  return sameGrid(a.grid, b.grid) && a.patchSize === b.patchSize && a.channels === b.channels;
}
