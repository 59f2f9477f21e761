// Small drawings: bars by time, a line of the last minutes, a bar of parts.

import {h} from './dom.js';

// values: [{label, value}]; name says for those who cannot see it.
export function bars(values, {name, unit = '', height = 120}) {
  const width = 640;
  const top = Math.max(1, ...values.map(one => one.value));
  const step = width / values.length;
  const each = Math.ceil(values.length / 6);
  return h('svg.plot', {viewBox: `0 0 ${width} ${height + 20}`, role: 'img', 'aria-label': name},
      h('line.axis', {x1: 0, x2: width, y1: height, y2: height}),
      h('text', {x: 0, y: 10}, `${top} ${unit}`),
      values.map((one, i) => h('rect.column', {x: i * step + 1, width: Math.max(1, step - 2), rx: 2, y: height - one.value / top * (height - 18), height: one.value / top * (height - 18)},
          h('title', null, `${one.label}: ${one.value} ${unit}`))),
      values.map((one, i) => i % each === 0 ? h('text', {x: i * step + 1, y: height + 15}, one.label) : null));
}

// points: [[ms, value]]
export function line(points, {name, text, height = 72}) {
  const width = 640;
  if (points.length < 2) return null;
  const first = points[0][0];
  const last = Math.max(points[points.length - 1][0], first + 1);
  const top = Math.max(1, ...points.map(point => point[1]));
  const at = ([t, value]) => `${((t - first) / (last - first) * width).toFixed(1)},${(height - value / top * (height - 16)).toFixed(1)}`;
  const path = points.map(at).join(' L');
  return h('svg.plot', {viewBox: `0 0 ${width} ${height + 4}`, role: 'img', 'aria-label': name},
      h('line.axis', {x1: 0, x2: width, y1: height, y2: height}),
      h('path.area', {d: `M0,${height} L${path} L${width},${height} Z`}), h('path.line', {d: `M${path}`}),
      h('text', {x: 0, y: 10}, text(top)));
}

// parts: [{kind, name, value (BigInt), shown, words}]
export function sum(parts, total) {
  const whole = total > 0n ? total : 1n;
  return h('div.stack.tight', null,
      h('div.sum', {'aria-hidden': 'true'}, total > 0n ? parts.filter(part => part.value > 0n)
          .map(part => h('div', {class: part.kind, title: part.name, style: {width: `${Number(part.value * 10000n / whole) / 100}%`}})) : h('div.none')),
      h('ul.legend', null, parts.map(part => h('li', null, h('i', {class: part.kind}), h('span', null, part.name), h('strong', null, part.shown), part.words ? h('p', null, part.words) : null))));
}

export function progress(done, total, name, kind = '') {
  const percent = total > 0 ? Math.min(100, done / total * 100) : 0;
  return h('div.track', {role: 'progressbar', 'aria-label': name, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(percent)},
      h('div.fill', {class: kind, style: {width: `${percent.toFixed(1)}%`}}));
}
