// Numbers and places as people read them.

const NUMBER = new Intl.NumberFormat('en');
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

export const count = (value) => NUMBER.format(value);

/** Bytes with one to three digits before the point, as the sentences have them. */
export function bytes(value) {
  let scaled = Math.abs(value);
  let unit = 0;
  while (scaled >= 1000 && unit < UNITS.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${value < 0 ? '−' : ''}${unit === 0 ? scaled : scaled.toFixed(1)} ${UNITS[unit]}`;
}

const sign = (value) => (value > 0 ? '+' : '');

/** The same of a difference. */
export const bytesDelta = (value) => sign(value) + bytes(value);
export const countDelta = (value) => sign(value) + count(value).replace('-', '−');

export function percent(share) {
  const value = share * 100;
  return `${value !== 0 && Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(1)} %`;
}

export const milliseconds = (value) => (value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${value.toFixed(1)} ms`);

/** A place in a file; lines from 1, 0 is unknown. */
export function placeText(place) {
  if (!place?.url) return '';
  return place.lineNumber > 0 ? `${place.url}:${place.lineNumber}:${place.columnNumber}` : place.url;
}

/** The end of a path, for where there is little room. */
export function shortPlace(place) {
  return placeText(place).split(/[/\\]/).slice(-2).join('/');
}
