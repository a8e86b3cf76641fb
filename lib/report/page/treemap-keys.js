// Moves the focus between the tiles of a treemap.

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function middle(tile) {
  const { left, top, width, height } = tile.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}

/** The tile whose middle is nearest in a direction; what lies aside counts as twice as far. */
function nearest(tiles, from, [dx, dy]) {
  const [x, y] = middle(from);
  let best;
  let least = Infinity;
  for (const tile of tiles) {
    if (tile === from) continue;
    const [toX, toY] = middle(tile);
    const along = (toX - x) * dx + (toY - y) * dy;
    const aside = Math.abs((toX - x) * dy) + Math.abs((toY - y) * dx);
    if (along > 0 && along + 2 * aside < least) [best, least] = [tile, along + 2 * aside];
  }
  return best;
}

/** Arrow keys move, Home and End go to the first and the last, Escape zooms out; Enter is a click already. */
export function onTileKey(event, treemap) {
  const tiles = [...treemap.map.querySelectorAll('.tile')];
  const at = tiles.indexOf(event.target);
  if (event.key === 'Escape') treemap.zoomOut();
  else if (event.key === 'Home') tiles[0]?.focus();
  else if (event.key === 'End') tiles.at(-1)?.focus();
  else if (DIRECTIONS[event.key] && at >= 0) nearest(tiles, tiles[at], DIRECTIONS[event.key])?.focus();
  else return;
  event.preventDefault();
}
