/**
 * `npm run directions`: holds the directions of dependency. dependency-cruiser judges the imports by the rules in
 * .dependency-cruiser.cjs; this file adds what it does not see.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';
import extractTypeScriptConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import ts from 'typescript';

/** One broken rule, as a line for people. */
export type Violation = string;

export interface DirectionsReport {
  readonly modules: number;
  readonly dependencies: number;
  readonly violations: readonly Violation[];
}

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The library's public face, the only barrel. */
const LIBRARY = 'src/vitmae/index.ts';

function isBarrel(file: string): boolean {
  return /^(src|tools|e2e)\/(.+\/)?index\.[cm]?[jt]sx?$/.test(file) && file !== LIBRARY;
}

/** The relative paths in `new URL('…', import.meta.url)` of a source text. */
export function urlReferences(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'URL') {
      const [path, base] = node.arguments ?? [];
      if (path && ts.isStringLiteralLike(path) && base?.getText() === 'import.meta.url')
        found.push(path.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.filter((path) => path.startsWith('.'));
}

/** The room of a file in src: `mae`, `ui`, …; the empty string for main.tsx and everything outside src. */
function room(file: string): string {
  return /^src\/([^/]+)\//.exec(file)?.[1] ?? '';
}

/** Code that is loaded by its URL is as good as imported. It stays in its room, so only the runtime starts its workers. */
function judgeUrls(root: string, file: string, tests: RegExp): Violation[] {
  if (!file.startsWith('src/') || !/\.tsx?$/.test(file) || tests.test(file)) return [];
  const violations: Violation[] = [];
  for (const path of urlReferences(file, readFileSync(join(root, file), 'utf8'))) {
    const target = posix.normalize(posix.join(posix.dirname(file), path));
    if (target.startsWith('src/') && room(target) !== room(file)) {
      violations.push(`${file} → ${target}: a file loaded by its URL lies in the same room`);
    } else if (/^(tools|e2e)\//.test(target)) {
      violations.push(`${file} → ${target}: src stands alone`);
    }
  }
  return violations;
}

function readRules(): IConfiguration {
  return createRequire(import.meta.url)(join(repository, '.dependency-cruiser.cjs')) as IConfiguration;
}

/**
 * Judges a tree laid out like this repository.
 *
 * @param root The tree's folder, absolute.
 * @param folders Those of `src`, `tools`, `e2e` that are there.
 */
export async function checkDirections(
  root: string,
  folders: readonly string[] = ['src', 'tools', 'e2e'],
): Promise<DirectionsReport> {
  const rules = readRules();
  const tsConfig = extractTypeScriptConfig(join(repository, 'tsconfig.base.json'));
  const { output } = await cruise(
    [...folders],
    { ...rules.options, baseDir: root, ruleSet: { forbidden: rules.forbidden ?? [] }, validate: true },
    { ...rules.options?.enhancedResolveOptions },
    { tsConfig },
  );
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text.');
  return summarise(root, output, rules);
}

/** The rooms that have a rule; a new one gets its line in the rules before its first file. */
function knownRooms(rules: IConfiguration): Set<string> {
  const names = (rules.forbidden ?? []).map(
    (rule) => /^([\w-]+)-imports-only-its-own$/.exec(rule.name ?? '')?.[1] ?? '',
  );
  return new Set(names.filter((name) => name !== ''));
}

/** What the rules take for a test or a test's helper. */
function testPattern(rules: IConfiguration): RegExp {
  const pattern = rules.forbidden?.find((rule) => rule.name === 'src-stands-alone')?.from.pathNot;
  if (typeof pattern !== 'string') throw new Error('The rule src-stands-alone does not say what a test is.');
  return new RegExp(pattern);
}

function liesInRoom(file: string, rooms: ReadonlySet<string>): boolean {
  return (
    !file.startsWith('src/') ||
    file === 'src/main.tsx' ||
    /\.(css|d\.ts)$/.test(file) ||
    rooms.has(room(file))
  );
}

function summarise(root: string, result: ICruiseResult, rules: IConfiguration): DirectionsReport {
  const own = result.modules.map((module) => module.source).filter((file) => /^(src|tools|e2e)\//.test(file));
  const typescript = own.filter((file) => /\.tsx?$/.test(file));
  const imports = result.summary.violations.map(
    (violation) =>
      `${violation.from} → ${violation.cycle?.map((step) => step.name).join(' → ') ?? violation.to}: ${violation.rule.name}`,
  );
  const barrels = own.filter(isBarrel).map((file) => `${file}: no barrels`);
  const rooms = knownRooms(rules);
  const tests = testPattern(rules);
  const strangers = own.filter((file) => !liesInRoom(file, rooms)).map((file) => `${file}: rooms-are-known`);
  const urls = own.flatMap((file) => judgeUrls(root, file, tests));
  return {
    modules: typescript.length,
    dependencies: result.summary.totalDependenciesCruised ?? 0,
    violations: [...imports, ...barrels, ...strangers, ...urls],
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const report = await checkDirections(repository);
  for (const violation of report.violations) console.error(`✗ ${violation}`);
  console.log(
    `${report.modules} modules, ${report.dependencies} dependencies, ${report.violations.length} violations`,
  );
  // No modules means that the TypeScript was not read at all, which would pass everything.
  if (report.violations.length > 0 || report.modules === 0) process.exitCode = 1;
}
