// Makes elements. Texts become text nodes, never markup: names in a snapshot come from anywhere.

/** Makes an element: attributes by name, listeners as `onclick`, custom properties as `--name`; `false` and `null` are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (name.startsWith('--')) element.style.setProperty(name, value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let made = 0;

/** An id that no other element has. */
export function freshId(prefix) {
  made += 1;
  return `${prefix}-${made}`;
}

/** A part of the page with its headline; `id` is what links go to. */
export function section(id, title, ...children) {
  const head = h('h3', { id: `${id}-title` }, title);
  return h('section', { id, class: 'card', 'aria-labelledby': `${id}-title`, tabindex: '-1', 'data-title': title }, head, ...children);
}

/** A labelled input with its label before it. */
export function field(label, attributes) {
  const id = freshId('field');
  const input = h('input', { id, ...attributes });
  return { input, element: h('span', { class: 'field' }, h('label', { for: id }, label), input) };
}

/** A labelled checkbox. */
export function checkbox(label, onchange) {
  const input = h('input', { type: 'checkbox', onchange: () => onchange(input.checked) });
  return h('label', { class: 'check' }, input, label);
}

/** Names and values side by side. */
export function facts(entries) {
  const shown = entries.filter(([, value]) => value !== null && value !== undefined);
  return h('dl', { class: 'facts' }, shown.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}
