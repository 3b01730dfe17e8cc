// node check.mjs < MANIFESTS   holds Kubernetes objects against the schemas of their kinds: the types find keys that there are not,
// the validators find values that may not be. Run where the packages of package.json are installed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseAllDocuments } from 'yaml';

const packages = { 'keda.sh': '@kubernetes-models/keda', 'monitoring.coreos.com': '@kubernetes-models/prometheus-operator' };

const objects = parseAllDocuments(readFileSync(0, 'utf8')).map(document => {
  if (document.errors.length > 0) throw document.errors[0];
  return document.toJS();
}).filter(object => object !== null);
if (objects.length === 0) throw new Error('no manifest');
console.log(objects.map(object => object.kind).join(', '));

const code = objects.map(({ apiVersion, kind, ...object }, i) => {
  const from = `${packages[apiVersion.split('/')[0]] ?? 'kubernetes-models'}/${apiVersion}`;
  return `import { ${kind} as Kind${i} } from '${from}';\nnew Kind${i}(${JSON.stringify(object, null, 1)}).validate();\n`;
}).join('');

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(here, 'check-'));
try {
  const types = join(folder, 'manifests.mts'), values = join(folder, 'manifests.mjs');
  writeFileSync(types, code);
  writeFileSync(values, code);
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', types],
    { cwd: here, stdio: ['ignore', 2, 2] });
  await import(pathToFileURL(values));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
