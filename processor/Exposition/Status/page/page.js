'use strict';
// Draws /api/v1/status and asks for it again and again. Text out of spans is set as textContent and nowhere else.

const askEveryMs = 2000;
const giveUpMs = 10000;
const namesInAPanel = 8;
const toolsAtFirst = 25;

const outcomes = [
  ['allow', 'allowed'], ['deny', 'denied'], ['hitl', 'held for a human'], ['rate_limited', 'rate limited'], ['error', 'error'], ['none', 'undecided'],
];
const windows = { '5m': 'the last 5 minutes', '15m': 'the last 15 minutes', '1h': 'the last hour', start: 'the time since the start' };

const at = id => document.getElementById(id);
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const dollars = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumSignificantDigits: 4 });

const number = value => value === null ? '–' : whole.format(value);
const percent = ratio => ratio === null ? '–' : ratio > 0 && ratio < 0.001 ? '<\u00a00.1\u00a0%' : `${(ratio * 100).toFixed(ratio < 0.9995 ? 1 : 0)}\u00a0%`;
const money = value => value > 0 ? dollars.format(value) : '–';

function duration(seconds) {
  if (seconds === null) return '–';
  if (seconds < 0.001) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 1) return `${+(seconds * 1000).toPrecision(3)} ms`;
  if (seconds < 120) return `${+seconds.toPrecision(3)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86400)} days`;
}

const clock = unix => new Date(unix * 1000).toLocaleTimeString('en-GB');
const ago = (unix, now) => unix === null ? '–' : now - unix < 2 ? 'now' : `${duration(Math.floor(now - unix))} ago`;

// Elements ---------------------------------------------------------------------------------------------------------------

function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element && key !== 'role') element[key] = value; else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function drawn(name, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// One child for each item, the same one as long as its key stays: focus, selection and what is read aloud survive an update.
function keep(parent, items, keyOf, create, update) {
  const before = new Map([...parent.children].map(child => [child.dataset.key, child]));
  const focused = document.activeElement;
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let child = before.get(key);
    before.delete(key);
    if (!child) {
      child = create(item);
      child.dataset.key = key;
    }
    update(child, item);
    if (child === place) place = place.nextElementSibling; else parent.insertBefore(child, place);
  }
  for (const child of before.values()) child.remove();
  if (focused !== document.activeElement && focused.isConnected) focused.focus();
}

// Names of the worker's own stand for what has no name.
const unnamed = { unknown: 'not said', __overflow__: 'beyond the limit of series' };

function nameOf(text, none = 'none') {
  if (text === 'none') return make('span', { className: 'muted', title: text }, none);
  return Object.hasOwn(unnamed, text) ? make('span', { className: 'muted', title: text }, unnamed[text]) : make('bdi', {}, text);
}

// Pictures ---------------------------------------------------------------------------------------------------------------

function columns(count, width) {
  const step = width / Math.max(count, 30);
  return Array.from({ length: count }, (_, i) => [width - (count - i) * step, Math.max(1, step * 0.82)]);
}

function outcomesChart(status) {
  const width = 1000, height = 130, history = status.decisions.history;
  const count = history.allow.length;
  const sums = Array.from({ length: count }, (_, i) => outcomes.reduce((sum, [outcome]) => sum + history[outcome][i], 0));
  const most = Math.max(1, ...sums);
  const picture = drawn('svg', {
    viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img',
    'aria-label': `Decisions by outcome over ${windows[status.window.name]}, ${duration(status.window.step_seconds)} a column, ${number(most)} in the highest.`,
  });
  for (const part of [0.25, 0.5, 0.75]) picture.append(drawn('line', { class: 'grid', x1: 0, x2: width, y1: height * part, y2: height * part }));
  columns(count, width).forEach(([x, wide], i) => {
    let y = height;
    for (const [outcome] of outcomes) {
      const high = history[outcome][i] / most * (height - 2);
      if (high > 0) picture.append(drawn('rect', { class: outcome, x, width: wide, y: y -= high, height: high }));
    }
  });
  const from = status.window.first_point_at;
  return [
    make('p', { className: 'axis top' }, `${number(most)} in ${duration(status.window.step_seconds)}`), picture,
    make('p', { className: 'axis' }, make('span', {}, count < 30 ? '' : clock(from)), make('span', {}, 'now')),
  ];
}

function spark(history, label) {
  const width = 120, height = 32, most = Math.max(1, ...history.decisions);
  const picture = drawn('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label });
  columns(history.decisions.length, width).forEach(([x, wide], i) => {
    const decided = history.decisions[i] / most * height;
    const denied = history.deny[i] > 0 ? Math.max(1.5, history.deny[i] / most * height) : 0;
    if (decided > 0) picture.append(drawn('rect', { class: 'decided', x, width: wide, y: height - decided, height: decided }));
    if (denied > 0) picture.append(drawn('rect', { class: 'deny', x, width: wide, y: height - denied, height: denied }));
  });
  return picture;
}

const severity = ['SECURITY_CRITICAL', 'DESTRUCTIVE', 'TRANSACTIONAL_HIGH', 'TRANSACTIONAL_LOW', 'OPERATIONAL', 'INFORMATIONAL'];
const bySeverity = rows => [...rows].sort((a, b) => severity.indexOf(a.tier) - severity.indexOf(b.tier));

function panel(list, rows, name) {
  const shown = rows.filter(row => row.decisions > 0 && row.history && row[name] !== 'none').slice(0, namesInAPanel);
  const nothing = rows.some(row => row.decisions > 0) ? 'No decision says one.' : 'Nothing was decided in this time.';
  keep(list, shown.length > 0 ? shown : [{ nothing }], row => row.nothing ?? row[name],
    row => row.nothing ? make('li', { className: 'muted nothing' }, nothing)
      : make('li', {}, make('div', { className: 'what' }, nameOf(row[name]), make('small')), make('div'), make('div', { className: 'ratio' })),
    (item, row) => {
      if (row.nothing) return;
      const [what, picture, ratio] = item.children;
      say(what.lastElementChild, `${number(row.deny)} of ${number(row.decisions)}`);
      picture.replaceChildren(spark(row.history, `Denied ${number(row.deny)} of ${number(row.decisions)}`));
      say(ratio, percent(row.deny_ratio));
      ratio.classList.toggle('zero', row.deny === 0);
    });
}

function traceOf(row) {
  return row.last_denied_trace_id === null ? '–'
    : make('code', { title: `${row.last_denied_trace_id}, ended ${clock(row.last_denied_span_ended_at)}` }, row.last_denied_trace_id);
}

// Tables -----------------------------------------------------------------------------------------------------------------

// A column: key, heading, how its value is found, how it is shown (text or a node), and more.
const toolColumns = [
  { key: 'tool', label: 'Tool', value: row => row.tool, show: row => nameOf(row.tool, 'no tool: other events'), ascending: true },
  { key: 'decisions', label: 'Decisions', value: row => row.decisions, show: row => number(row.decisions) },
  { key: 'deny', label: 'Denied', value: row => row.deny, show: row => number(row.deny) },
  { key: 'deny_ratio', label: 'Denied %', value: row => row.deny_ratio ?? -1, show: row => percent(row.deny_ratio) },
  { key: 'hitl', label: 'Human approval', value: row => row.hitl, show: row => number(row.hitl) },
  { key: 'calls', label: 'Calls', value: row => row.calls, show: row => number(row.calls) },
  { key: 'ungated_calls', label: 'Ungated', value: row => row.ungated_calls, show: row => number(row.ungated_calls), alarm: row => row.ungated_calls > 0 },
  { key: 'p95_seconds', label: 'p95', value: row => row.p95_seconds ?? -1, show: row => duration(row.p95_seconds) },
  { key: 'last_denied_at', label: 'Last denied', value: row => row.last_denied_at ?? 0, show: (row, now) => ago(row.last_denied_at, now) },
  { key: 'trace', label: 'Its trace', value: row => row.last_denied_span_ended_at ?? 0, show: row => traceOf(row), wide: true },
];
const modelColumns = [
  { key: 'model', label: 'Model', show: row => nameOf(row.model, 'no model') },
  { key: 'calls', label: 'Calls', show: row => number(row.calls) },
  { key: 'errors', label: 'Errors', show: row => number(row.errors), alarm: row => row.errors > row.calls * 0.05 },
  { key: 'input', label: 'Tokens in', show: row => number(row.tokens.input) },
  { key: 'output', label: 'Tokens out', show: row => number(row.tokens.output) },
  { key: 'cache_read', label: 'Read from cache', show: row => number(row.tokens.cache_read) },
  { key: 'reasoning', label: 'Reasoning', show: row => number(row.tokens.reasoning) },
  { key: 'cost_usd', label: 'Cost', show: row => money(row.cost_usd) },
];
const viewColumns = [
  { key: 'view', label: 'View', show: row => row.view },
  { key: 'series', label: 'Series', show: row => number(row.series) },
  { key: 'limit', label: 'Limit', show: row => number(row.limit) },
  { key: 'used', label: 'Used', show: row => make('meter', { min: 0, max: row.limit, high: row.limit * 0.9, low: row.limit * 0.7, optimum: 0, value: row.series, 'aria-label': `${percent(row.series / row.limit)} of the limit` }) },
  { key: 'overflowed', label: 'Spans beyond it', show: row => number(row.overflowed), alarm: row => row.overflowed > 0 },
  { key: 'held', label: 'Held at 0', show: row => number(row.held) },
];

// Roles are said: a phone's layout takes a table's own away.
function table(element, columns, rows, keyOf, now, sort) {
  if (!element.tHead) {
    const head = make('tr', { role: 'row' });
    for (const column of columns) {
      const label = sort ? make('button', { type: 'button', onclick: () => sort.by(column) }, column.label) : column.label;
      head.append(make('th', { scope: 'col', role: 'columnheader' }, label));
    }
    element.append(make('thead', { role: 'rowgroup' }, head), make('tbody', { role: 'rowgroup' }));
  }
  if (sort) {
    columns.forEach((column, i) => {
      const cell = element.tHead.rows[0].cells[i];
      if (column.key === sort.key) cell.setAttribute('aria-sort', sort.ascending ? 'ascending' : 'descending'); else cell.removeAttribute('aria-sort');
    });
  }
  keep(element.tBodies[0], rows, keyOf,
    () => make('tr', { role: 'row' }, ...columns.map((column, i) => i === 0
      ? make('th', { scope: 'row', role: 'rowheader', 'data-col': column.key })
      : make('td', { role: 'cell', className: column.wide ? 'wide' : '', 'data-col': column.key, 'data-label': column.label }))),
    (line, row) => columns.forEach((column, i) => {
      const cell = line.cells[i], shown = column.show(row, now);
      if (typeof shown === 'string') { if (cell.firstElementChild) cell.textContent = shown; else say(cell, shown); }
      else if (!cell.firstElementChild || !cell.firstElementChild.isEqualNode(shown)) cell.replaceChildren(shown);
      if (column.alarm) cell.classList.toggle('alarm', column.alarm(row));
    }));
}

const sorting = {
  key: 'deny', ascending: false,
  by(column) {
    this.ascending = this.key === column.key ? !this.ascending : Boolean(column.ascending);
    this.key = column.key;
    if (last) draw(last);
  },
  order(rows) {
    const { value } = toolColumns.find(one => one.key === this.key), way = this.ascending ? 1 : -1;
    return [...rows].sort((a, b) => value(a) < value(b) ? -way : value(a) > value(b) ? way : 0); // of the same value in the worker's order: the most denied first
  },
};

let allTools = false;

function drawTools(status) {
  const rows = sorting.order(status.tools.filter(row => row.decisions + row.calls + row.ungated_calls > 0));
  table(at('tools'), toolColumns, allTools ? rows : rows.slice(0, toolsAtFirst), row => row.tool, status.at, sorting);
  at('tools').hidden = rows.length === 0;
  at('tools-all').hidden = rows.length <= toolsAtFirst;
  say(at('tools-all'), allTools ? `Show the first ${toolsAtFirst}` : `Show all ${rows.length}`);
  leftOut(at('tools-more'), status.other_tools, 'tools', rows.length);
}

function drawModels(status) {
  const rows = status.models.filter(row => row.calls + row.tokens.input + row.tokens.output + row.cost_usd > 0);
  table(at('models'), modelColumns, rows, row => row.model, status.at);
  at('models').hidden = rows.length === 0;
  leftOut(at('models-more'), status.other_models, 'models', rows.length);
}

function leftOut(note, others, what, shown) {
  note.hidden = others.names === 0 && shown > 0;
  say(note, others.names > 0
    ? `${number(others.names)} more ${what} are not listed: those with the most denials and the most traffic are. Together they had ${number(others.decisions)} decisions, ${number(others.deny)} denied, and ${number(others.calls)} calls. /metrics has them all.`
    : `No calls of ${what} in this time.`);
}

// Parts of the page ------------------------------------------------------------------------------------------------------

function drawCards(status) {
  const { decisions, totals } = status, perSecond = decisions.total / Math.max(1, status.window.covered_seconds);
  const share = value => percent(decisions.total > 0 ? value / decisions.total : null);
  const hour = decisions.last_hour;
  say(at('card-decisions'), number(decisions.total));
  say(at('card-decisions-note'), `${number(perSecond)} a second`);
  say(at('card-deny'), number(decisions.deny));
  say(at('card-deny-note'), `${share(decisions.deny)} of decisions; last hour ${percent(hour.total > 0 ? hour.deny / hour.total : null)}`);
  say(at('card-hitl'), number(decisions.hitl));
  say(at('card-hitl-note'), `${share(decisions.hitl)} of decisions`);
  say(at('card-ungated'), number(totals.ungated_tool_calls));
  say(at('card-ungated-note'), totals.ungated_tool_calls > 0 ? `of ${number(totals.tool_calls)} calls ran without a decision` : `every one of ${number(totals.tool_calls)} was decided on`);
  at('card-ungated-box').classList.toggle('is-bad', totals.ungated_tool_calls > 0);
  const tokens = totals.tokens.input + totals.tokens.output;
  say(at('card-tokens'), short.format(tokens));
  say(at('card-tokens-note'), `${short.format(totals.tokens.input)} in, ${short.format(totals.tokens.output)} out`);
  say(at('card-cost'), money(totals.cost_usd));
  say(at('card-cost-note'), totals.cost_usd > 0 ? `in ${number(totals.calls)} model calls` : 'no span said a cost');
}

function drawOutcomes(status) {
  at('outcomes-chart').replaceChildren(...outcomesChart(status));
  const shown = outcomes.filter(([outcome]) => status.decisions[outcome] > 0 || outcome === 'allow' || outcome === 'deny' || outcome === 'hitl');
  keep(at('outcomes'), shown, ([outcome]) => outcome,
    ([outcome, label]) => make('li', {}, make('span', { className: `swatch ${outcome}` }), make('span', {}, label), make('b'), make('span', { className: 'share' })),
    (item, [outcome]) => {
      say(item.children[2], number(status.decisions[outcome]));
      say(item.children[3], percent(status.decisions.total > 0 ? status.decisions[outcome] / status.decisions.total : null));
    });
}

function troublesOf(worker, now) {
  const troubles = [];
  if (!worker.ready) troubles.push(['bad', `Not ready: ${worker.why_not_ready}.`]);
  if (worker.lag_seconds > 60) troubles.push(['bad', `Behind by ${duration(worker.lag_seconds)}: what is shown is complete until ${clock(worker.complete_until)} only. More consumers or partitions help, if the worker is busy.`]);
  if (worker.offsets_lost > 0) troubles.push(['bad', `${number(worker.offsets_lost)} records were gone from Kafka before they were read: its retention is too short, or the worker was away too long.`]);
  for (const bad of worker.records.bad) {
    troubles.push(['', `${number(bad.count)} ${bad.count === 1 ? 'record' : 'records'} of ${bad.signal} ${bad.count === 1 ? 'was' : 'were'} ${bad.outcome === 'salvaged' ? 'counted in part' : 'not counted'}: ${bad.reason.replaceAll('_', ' ').replace('otlp', 'OTLP')}.`]);
  }
  for (const view of worker.views) {
    if (view.overflowed > 0) troubles.push(['', `${view.view} is at its limit of ${number(view.limit)} series: ${number(view.overflowed)} spans have lost tool, model and the like. Raise limits.series, or see who sends so many names.`]);
    if (view.held > 0) troubles.push(['', `${number(view.held)} series of ${view.view} are held: a scraper is shown them at 0 first, so that increase() counts from there.`]);
  }
  return troubles;
}

function drawWorker(status) {
  const { worker, at: now } = status;
  keep(at('troubles'), troublesOf(worker, now), ([, text]) => text, ([kind, text]) => make('li', { className: kind }, text), () => {});
  const first = seen.find(one => now - one.at <= 20), since = now - first.at;
  const rate = since > 0 ? `${number((spansOf(worker) - first.spans) / since)} a second` : '';
  const facts = [
    ['State', worker.ready ? 'ready' : 'not ready', worker.ready ? `reads ${worker.partitions} partitions` : worker.why_not_ready],
    ['Spans in', number(spansOf(worker)), rate],
    ['Counted', number(worker.spans.counted), `${number(worker.spans.filtered)} filtered, ${number(worker.spans.invalid)} invalid, ${number(worker.spans.duplicate)} duplicate`],
    ['Records in', number(worker.records.ok + worker.records.salvaged + worker.records.rejected), `${number(worker.records.salvaged)} salvaged, ${number(worker.records.rejected)} rejected`],
    ['Log records in', number(sum(worker.log_records)), `${number(worker.log_records.counted)} counted`],
    ['Lag', worker.lag_records === null ? '–' : `${number(worker.lag_records)} records`, worker.lag_seconds === null ? '' : `as of ${duration(Math.max(0, worker.lag_seconds))} ago`],
    ['Complete until', worker.complete_until === null ? '–' : clock(worker.complete_until), ago(worker.complete_until, now)],
    ['Latest span', worker.last_span_at === null ? '–' : clock(worker.last_span_at), ago(worker.last_span_at, now)],
    ['Label values', number(worker.label_values.held), `of ${number(worker.label_values.limit)}`],
    ['Running for', duration(Math.floor(now - worker.started_at)), worker.topics.join(', ')],
  ];
  keep(at('worker'), facts, ([label]) => label,
    ([label]) => make('div', {}, make('dt', {}, label), make('dd', {}, make('span'), make('small'))),
    (item, [, ...texts]) => [...item.lastElementChild.children].forEach((part, i) => say(part, texts[i])));
  table(at('views'), viewColumns, worker.views.filter(view => view.series > 0), view => view.view, now);
  at('views').hidden = !worker.views.some(view => view.series > 0);
  say(at('version'), `version ${worker.version}`);
}
const sum = counts => Object.values(counts).reduce((all, one) => all + one, 0);
const spansOf = worker => sum(worker.spans);

// What a newcomer has to do, as long as there is nothing to see.
function drawEmpty(status) {
  const { worker, decisions } = status, records = worker.records.ok + worker.records.salvaged + worker.records.rejected;
  const topic = worker.topics[0] ?? 'otlp_spans';
  let title = '', why = '', steps = [];
  if (records === 0 && !worker.ready) {
    title = 'The worker is not connected yet';
    why = `It says: ${worker.why_not_ready}.`;
    steps = [['Is the broker there, under kafka.bootstrap_servers?'], [`Is there a topic of this name: ${worker.topics.join(', ')}?`], ['May the user read it, and join the group kafka.group_id? The log says what Kafka refused.']];
  } else if (records === 0) {
    title = 'Nothing has come yet';
    why = `The worker reads ${worker.topics.join(', ')} and waits for the first record. This page fills by itself.`;
    steps = [
      ['Let your OpenTelemetry Collector write to that topic:', `exporters:\n  kafka:\n    brokers: [BROKER:9092]\n    traces: { topic: ${topic} }`],
      ['Or send made-up agents, to see what it looks like:', `spanmetrics generate --to kafka:BROKER:9092/${topic}`],
      ['Still nothing? See whether the collector exports at all, and to which topic.'],
    ];
  } else if (spansOf(worker) + sum(worker.log_records) === 0) {
    title = 'Records come, but none holds spans';
    why = 'What is wrong with them stands below, under The worker.';
    steps = [['Has the exporter of the collector encoding: otlp_proto?'], ['Is it the topic of traces that kafka.topics.traces names?']];
  } else if (!decisions.has_view) {
    title = 'No view counts decisions by outcome';
    why = 'The profile, or views in the configuration, leave it out: this page shows what is left.';
    steps = [['Leave agent_decisions switched on, with the dimension outcome.']];
  } else if (status.window.name === 'start' && decisions.total === 0 && status.service === null) {
    title = 'Spans come, but none is a decision';
    why = 'Calls of tools and models are counted. Decisions come from a policy gate, as of kitelogik or agentgateway.';
    steps = [['See what each span counts as, and why:', 'spanmetrics explain FILE'], ['Rules for a gate of your own are a dozen lines under emitters.']];
  }
  at('empty').hidden = title === '';
  say(at('empty-title'), title);
  say(at('empty-why'), why);
  keep(at('empty-steps'), steps, ([text, code]) => text + code, ([text, code]) => make('li', {}, text, ...code ? [make('pre', {}, make('code', {}, code))] : []), () => {});
  for (const section of document.querySelectorAll('main > :not(#empty)')) {
    section.hidden = title !== '' && spansOf(worker) === 0 && !section.querySelector('#worker');
  }
}

// Asking -----------------------------------------------------------------------------------------------------------------

let last = null, answeredAt = 0, seen = [], waiting = null, asking = null;
const asked = { service: '', window: '5m' };

function draw(status) {
  at('main').hidden = false;
  drawServices(status);
  drawEmpty(status);
  drawCards(status);
  drawOutcomes(status);
  panel(at('by-tool'), status.tools, 'tool');
  panel(at('by-tier'), bySeverity(status.tiers), 'tier');
  panel(at('by-model'), status.models, 'model');
  say(at('step'), duration(status.window.step_seconds));
  drawTools(status);
  drawModels(status);
  drawWorker(status);
}

function drawServices(status) {
  const names = [...new Set([...status.services, ...asked.service ? [asked.service] : []])];
  keep(at('service'), ['', ...names], name => name, name => make('option', { value: name }, name || 'all services'), () => {});
  if (at('service').value !== asked.service) at('service').value = asked.service;
}

function tell(kind, text) {
  at('state').className = `pill ${kind}`;
  say(at('state'), text);
  document.body.classList.toggle('stale', kind === 'bad' && last !== null);
}

async function ask() {
  clearTimeout(waiting);
  asking?.abort();
  const mine = asking = new AbortController();
  const timer = setTimeout(() => mine.abort(), giveUpMs);
  try {
    const query = new URLSearchParams({ window: asked.window, ...asked.service ? { service: asked.service } : {} });
    at('status-link').href = `api/v1/status?${query}`;
    const response = await fetch(`api/v1/status?${query}`, { signal: mine.signal, cache: 'no-store' });
    if (!response.ok) throw new Error(`it says ${response.status}`);
    const status = await response.json();
    if (mine !== asking) return;
    const { worker } = status;
    seen = last && last.worker.started_at === worker.started_at ? [...seen.slice(-20), { at: status.at, spans: spansOf(worker) }] : [{ at: status.at, spans: spansOf(worker) }];
    [last, answeredAt] = [status, Date.now()];
    draw(status);
    if (!worker.ready) tell('warn', 'not ready');
    else if (worker.lag_seconds > 60) tell('warn', `live, behind by ${duration(worker.lag_seconds)}`);
    else tell('good', 'live');
  } catch (error) {
    if (mine !== asking) return;
    tell('bad', answeredAt === 0 ? 'the worker does not answer' : `the worker does not answer; these numbers are of ${new Date(answeredAt).toLocaleTimeString('en-GB')}`);
  } finally {
    clearTimeout(timer);
    if (mine === asking && !document.hidden) waiting = setTimeout(ask, askEveryMs);
  }
}

// The address has what is asked for, so that it can be sent to somebody.
function remember() {
  const query = new URLSearchParams();
  if (asked.service) query.set('service', asked.service);
  if (asked.window !== '5m') query.set('window', asked.window);
  history.replaceState(null, '', query.size > 0 ? `?${query}` : location.pathname);
}

function recall() {
  const query = new URLSearchParams(location.search);
  asked.service = query.get('service') ?? '';
  if (Object.hasOwn(windows, query.get('window'))) asked.window = query.get('window');
  document.querySelector(`input[name=window][value="${asked.window}"]`).checked = true;
}

at('filters').addEventListener('submit', event => event.preventDefault());
at('filters').addEventListener('change', event => {
  if (event.target.name === 'window') asked.window = event.target.value; else asked.service = event.target.value;
  remember();
  ask();
});
at('tools-all').addEventListener('click', () => { allTools = !allTools; draw(last); });
document.addEventListener('visibilitychange', () => { if (!document.hidden) ask(); }); // while nobody looks nothing is asked
recall();
ask();
