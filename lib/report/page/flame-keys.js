// Moves between the frames of a flame graph by keys.

/** Frames that are drawn: the others are outside the zoom, or too narrow. */
function drawn(frames, graph) {
  const shown = new Set();
  for (const element of graph.chartBox.querySelectorAll('g.frame')) shown.add(element.__data__);
  return frames.filter((frame) => shown.has(frame) && frame.x1 > frame.x0);
}

function beside(frame, step, graph) {
  const row = drawn(frame.parent?.children ?? [frame], graph);
  return row[row.indexOf(frame) + step];
}

/** Arrow keys follow what is seen: the root is at the bottom, inverted at the top. */
function moved(key, graph) {
  const { cursor, view: { inverted } } = graph;
  if (key === 'ArrowLeft') return beside(cursor, -1, graph);
  if (key === 'ArrowRight') return beside(cursor, 1, graph);
  if (key === (inverted ? 'ArrowDown' : 'ArrowUp')) return drawn(cursor.children ?? [], graph)[0];
  return cursor.parent;
}

/** Scrolls the chart, not the page, to the frame that the keys have come to. */
function reveal({ chartBox }) {
  const frame = chartBox.querySelector('g.cursor')?.getBoundingClientRect();
  if (!frame) return;
  const box = chartBox.getBoundingClientRect();
  if (frame.top < box.top) chartBox.scrollTop -= box.top - frame.top;
  else if (frame.bottom > box.bottom) chartBox.scrollTop += frame.bottom - box.bottom;
}

export function onFrameKey(event, graph) {
  if (event.key === 'Enter') graph.zoomTo(graph.cursor);
  else if (event.key === 'Escape' || event.key === 'Home') graph.zoomTo(graph.root);
  else if (event.key.startsWith('Arrow')) {
    const next = moved(event.key, graph);
    if (next) graph.pointAt(next);
  } else return;
  reveal(graph);
  event.preventDefault();
}
