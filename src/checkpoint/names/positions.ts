/** The grid of a model that came without its config.json, from its position embeddings. */
import type { Grid } from '../../mae/geometry.ts';
import { sincosPositions } from '../../mae/position.ts';
import { valueCount } from '../tensors/strided.ts';
import { readFloat32, type StoredTensor } from '../tensors/tensors.ts';
import type { NamedTensors } from './names.ts';
import { DECODER_POSITIONS, ENCODER_POSITIONS } from './parameters.ts';

/** Positions are stored in float16 or bfloat16 too; neighbours differ by far more. */
const TOLERANCE = 0.02;
/** No table of a model that this page can run is larger, in values. */
const LARGEST_TABLE = 2 ** 26;

/**
 * The grid that a file's position embeddings are the reference's fixed ones of; undefined where there are none, or they
 * are others. Their number alone leaves a choice: 512 may be 16 rows of 32 or 64 of 8.
 */
export async function gridFromPositions({ found }: NamedTensors): Promise<Grid | undefined> {
  const stored = positionsOf(found);
  const [one, tokens = 0, width = 0] = stored?.shape ?? [];
  const possible = one === 1 && tokens > 1 && width % 4 === 0 && stored?.shape.length === 3;
  if (stored === undefined || !possible || valueCount(stored.shape) > LARGEST_TABLE) return undefined;
  const table = new Float32Array(valueCount(stored.shape));
  await readFloat32(stored, table);
  return gridsOf(tokens - 1).find((grid) => isClose(table, sincosPositions(width, grid)));
}

/** The encoder's positions, or else the decoder's. */
export function positionsOf(found: NamedTensors['found']): StoredTensor | undefined {
  return found.get(ENCODER_POSITIONS) ?? found.get(DECODER_POSITIONS);
}

/**
 * What is assumed where only the number of patches is known: a square, else the grid nearest to one that is wider than
 * high; undefined where that would be a single row.
 */
export function likelyGrid(patches: number): Grid | undefined {
  const grid = gridsOf(patches).findLast(({ rows, columns }) => rows <= columns);
  return grid === undefined || (grid.rows === 1 && patches > 1) ? undefined : grid;
}

export function isSquare({ rows, columns }: Grid): boolean {
  return rows === columns;
}

/** Every grid of so many patches, the lowest first. */
function gridsOf(patches: number): Grid[] {
  const rows = Array.from({ length: patches }, (_, i) => i + 1).filter((count) => patches % count === 0);
  return rows.map((count) => ({ rows: count, columns: patches / count }));
}

function isClose(table: Float32Array, expected: Float32Array): boolean {
  return table.every((value, i) => Math.abs(value - (expected[i] as number)) <= TOLERANCE);
}
