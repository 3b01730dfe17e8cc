// node check.js FILE...   prints what in these dashboards is not as the schemas made of dashboard.ts have it; exits with 1 then.
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

const here = import.meta.dirname;
const generator = createGenerator({ path: `${here}/dashboard.ts`, tsconfig: `${here}/tsconfig.json`, expose: 'none', skipTypeCheck: true });
const ajv = new Ajv({ allErrors: true, strict: false });
const checks = Object.fromEntries(['dashboard', 'row', 'timeseries', 'stat', 'table', 'heatmap'].map(type => [type, ajv.compile(generator.createSchema(type))]));

let mistakes = 0;
function check(type, value, where) {
  if (checks[type] === undefined) throw new Error(`${where}: no schema for the type ${type}`);
  if (checks[type](value)) return;
  for (const { instancePath, message, params } of checks[type].errors) console.log(`${where}${instancePath} ${message} ${JSON.stringify(params)}`);
  mistakes++;
}

for (const file of process.argv.slice(2)) {
  const dashboard = JSON.parse(readFileSync(file, 'utf8'));
  check('dashboard', dashboard, file);
  for (const panel of dashboard.panels) check(panel.type, panel, `${file}, panel ${panel.id}`);
}
process.exit(mistakes > 0 ? 1 : 0);
