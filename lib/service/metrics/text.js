'use strict';
// The text format of Prometheus 0.0.4, where the application has no prom-client.

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const escapeLabel = (text) => String(text).replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');

function sample({ metricName, labels, value }) {
  const pairs = Object.entries(labels).map(([name, text]) => `${name}="${escapeLabel(text)}"`);
  return `${metricName}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
}

/** @param {ReturnType<import('./families').families>} all */
function exposition(all) {
  return all.map(({ name, help, type, values }) => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...values.map(sample), ''].join('\n')).join('\n');
}

module.exports = { CONTENT_TYPE, exposition };
