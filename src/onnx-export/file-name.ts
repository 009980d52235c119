/** What a saved model's archive is called. */
import { withoutExtension } from '../checkpoint/file-names.ts';
import type { WeightType } from '../graph/placement.ts';

/** "facebook/vit-mae-base" → "facebook-vit-mae-base-onnx"; the archive's folder, and its name before ".zip". */
export function exportName(model: string, weightType: WeightType): string {
  const plain = withoutExtension(model)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80);
  return `${plain || 'model'}-onnx${weightType === 'float32' ? '' : `-${weightType}`}`;
}
