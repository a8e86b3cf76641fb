'use strict';

/** The report in a browser. Its pictures are left in the folder that RS_PROFILER_PICTURES names, if it does. */

const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { writeReport } = require('../lib/report');
const { findChromium, launch, openPage } = require('./helpers/browser');
const { HOSTILE, dataOf, hostileFiles, idleProfile, leakingSnapshots } = require('./helpers/report');
const { tempFolder } = require('./helpers/temp-folder');

const inChromium = findChromium()
  ? (name, body) => describe(name, body)
  : (name, body) => describe.skip(`${name} (there is no Chromium in the PATH)`, body);

inChromium('the report in Chromium', () => {
  let browser;
  let file;
  let hostile;
  let opened;

  beforeAll(async () => {
    const folder = tempFolder();
    const snapshots = leakingSnapshots(folder, 'two');
    file = path.join(folder, 'report.html');
    await writeReport([...snapshots, idleProfile(folder)], file);
    hostile = path.join(folder, 'hostile.html');
    await writeReport(hostileFiles(folder, snapshots[1]), hostile);
    browser = await launch();
  });

  afterAll(() => browser?.close());

  const open = async (which = file, options = {}) => {
    opened = await openPage(browser, which, options);
    return opened.page;
  };

  /** Nothing but the file was loaded, and nothing complained. */
  afterEach(async () => {
    const { page, requests, complaints } = opened;
    const url = page.url().replace(/#.*/, '');
    await page.context().close();
    expect({ requests, complaints }).toEqual({ requests: [url], complaints: [] });
  });

  test('says first what is wrong', async () => {
    const page = await open();
    expect(page.url()).toBe(String(pathToFileURL(file)));
    const { heap, cpu: [profile] } = dataOf(fs.readFileSync(file, 'utf8'));
    const findings = await page.locator('#findings li').allTextContents();
    expect(findings[0]).toContain(heap.suspects[0].sentence);
    const [name] = profile.functions[profile.hot[0].f];
    expect(findings.some((text) => text.includes(name) && text.includes(profile.hot[0].reasons[0]))).toBe(true);
    expect(await page.locator('h1').textContent()).toBe('rs-profiler report');
    const links = await page.locator('a[href^="#"]').evaluateAll((all) => all.map((link) => link.hash.slice(1)));
    expect(await page.locator('main').innerText()).not.toMatch(/\b(NaN|undefined|null)\b|\[object /);
    for (const id of links) expect([id, await page.locator(`[id="${id}"]`).count()]).toEqual([id, 1]);
  });

  test('a finding leads to its suspect, which unfolds the way to it', async () => {
    const page = await open();
    const second = page.locator('#suspect-2');
    expect(await second.getAttribute('open')).toBeNull();
    expect(await second.locator('.path').isVisible()).toBe(false);
    await page.locator('#findings li a').nth(1).click();
    expect(await second.locator('.path').isVisible()).toBe(true);
    const { heap } = dataOf(fs.readFileSync(file, 'utf8'));
    const steps = await second.locator('.path li').allTextContents();
    expect(steps).toHaveLength(heap.suspects[1].path.length + 1);
    await second.locator('summary').press('Enter');
    expect(await second.locator('.path').isVisible()).toBe(false);
  });

  test('sorts and filters the classes', async () => {
    const page = await open();
    const classes = page.locator('#classes');
    const column = (index) => classes.locator(`tbody tr > :nth-child(${index})`).allTextContents();
    const head = (title) => classes.getByRole('columnheader', { name: title });
    const { heap } = dataOf(fs.readFileSync(file, 'utf8'));
    const rows = [...heap.classes].sort((a, b) => b.count - a.count);
    await head('Objects').getByRole('button').click();
    expect(await head('Objects').getAttribute('aria-sort')).toBe('descending');
    expect((await column(2)).slice(0, 5)).toEqual(rows.slice(0, 5).map(({ count }) => count.toLocaleString('en')));
    await head('Objects').getByRole('button').press('Enter');
    expect(await head('Objects').getAttribute('aria-sort')).toBe('ascending');
    const least = Math.min(...rows.map(({ count }) => count));
    expect((await column(2))[0]).toBe(String(least));
    await classes.getByLabel('Filter').fill('eventemitter');
    const found = rows.filter(({ name, place }) => `${name} ${place?.url}`.toLowerCase().includes('eventemitter'));
    expect(found.length).toBeGreaterThan(0);
    expect((await column(1)).sort()).toEqual(found.map(({ name }) => name).sort());
    expect(await classes.locator('.status').textContent()).toContain(`${found.length} of`);
  });

  test('shows what changed since the first snapshot', async () => {
    const page = await open();
    const { heap: { comparison } } = dataOf(fs.readFileSync(file, 'utf8'));
    const text = await page.locator('#comparison').textContent();
    expect(comparison.grown.length).toBeGreaterThan(0);
    expect(text).toContain(`@${comparison.grown[0].id}`);
    expect(await page.locator('#comparison table').count()).toBe(2);
  });

  test('walks the dominator tree by keys', async () => {
    const page = await open();
    const { heap } = dataOf(fs.readFileSync(file, 'utf8'));
    const crumbs = page.locator('#treemap .crumbs button');
    const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label'));
    await page.locator('#treemap .tile').first().focus();
    const first = await focused();
    expect(first).toMatch(/retains .* of the heap/);
    await page.keyboard.press('End');
    const last = await focused();
    expect(last).not.toBe(first);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Home');
    expect(await focused()).toBe(first);
    await page.keyboard.press('Enter');
    expect(await crumbs.count()).toBe(2);
    expect(await page.locator('#treemap .treemap + .status').textContent()).not.toBe('');
    await page.keyboard.press('Escape');
    expect(await crumbs.count()).toBe(1);
    await page.locator('#treemap .alternative summary').click();
    expect(await page.locator('#treemap .alternative tbody tr').count()).toBe(heap.tree.c.length);
  });

  describe('the flame graph', () => {
    const names = (page) => page.locator('#cpu-1-flame g.frame').evaluateAll((frames) => frames.map((frame) => frame.getAttribute('name')));
    const fills = (page, fill) => page.locator(`#cpu-1-flame rect[fill="var(--flame-${fill})"]`).count();

    test('marks suspicious functions, and leaves out idle time and garbage collection until asked', async () => {
      const page = await open();
      const flame = page.locator('#cpu-1-flame');
      expect(await names(page)).toContain('▲ never');
      expect(await fills(page, 'hot')).toBeGreaterThan(0);
      expect([await fills(page, 'idle'), await fills(page, 'gc')]).toEqual([0, 0]);
      await flame.getByLabel('Idle').check();
      expect(await fills(page, 'idle')).toBe(1);
      await flame.getByLabel('Garbage collection').check();
      expect(await fills(page, 'gc')).toBe(1);
      await flame.getByLabel('Idle').uncheck();
      expect(await fills(page, 'idle')).toBe(0);
    });

    test('searches', async () => {
      const page = await open();
      const flame = page.locator('#cpu-1-flame');
      await flame.getByLabel('Search').fill('NEVER');
      expect(await fills(page, 'match')).toBeGreaterThan(0);
      expect(await flame.locator('.toolbar .status').textContent()).toMatch(/^\d+ frames, .* of what is drawn$/);
      await flame.getByLabel('Search').fill('no such function');
      expect(await flame.locator('.toolbar .status').textContent()).toBe('nothing found');
      await flame.getByLabel('Search').fill('');
      expect(await fills(page, 'match')).toBe(0);
      await page.locator('#cpu-1-functions').getByRole('button', { name: 'never', exact: true }).click();
      expect(await flame.getByLabel('Search').inputValue()).toBe('never');
      expect(await fills(page, 'match')).toBeGreaterThan(0);
    });

    test('zooms by click and by keys, and back', async () => {
      const page = await open();
      const flame = page.locator('#cpu-1-flame');
      const all = (await names(page)).length;
      const fewer = () => page.waitForFunction((before) => document.querySelectorAll('#cpu-1-flame g.frame').length < before, all);
      const whole = () => page.waitForFunction((before) => document.querySelectorAll('#cpu-1-flame g.frame').length === before, all);
      await flame.locator('g.frame[name="▲ never"]').first().click();
      await fewer();
      expect(await flame.locator('g.fade').count()).toBeGreaterThan(0);
      await flame.getByRole('button', { name: 'Reset zoom' }).click();
      await whole();
      await flame.locator('.flame').focus();
      const said = () => flame.locator('.flame-status').textContent();
      expect(await said()).toMatch(/^all: .* of the active time$/);
      // To the end of the first stack: what is above it is not there, what is below it is its caller.
      for (let steps = 0; steps < 40; steps += 1) await page.keyboard.press('ArrowUp');
      const end = await said();
      await page.keyboard.press('ArrowDown');
      expect(await said()).not.toBe(end);
      await page.keyboard.press('ArrowUp');
      expect(await said()).toBe(end);
      await page.keyboard.press('ArrowRight');
      expect(await said()).not.toBe(end);
      expect(await said()).toMatch(/ms, .* of the active time, .* itself/);
      await page.keyboard.press('Enter');
      await fewer();
      await page.keyboard.press('Escape');
      await whole();
    });

    test('goes from functions to their callers when inverted', async () => {
      const page = await open();
      const inverted = page.locator('#cpu-1-flame').getByRole('button', { name: 'Inverted' });
      const { cpu: [profile] } = dataOf(fs.readFileSync(file, 'utf8'));
      await inverted.click();
      expect(await inverted.getAttribute('aria-pressed')).toBe('true');
      const drawn = await names(page);
      const outermost = profile.bottomUp.c.map(({ f }) => profile.functions[f]).filter(([, , , , group]) => !/idle|garbage/.test(group));
      expect(drawn[0]).toBe('all functions, by their own time');
      expect(drawn.some((name) => name.endsWith(outermost[0][0]))).toBe(true);
      await inverted.press('Space');
      expect((await names(page))[0]).toBe('all');
    });
  });

  test('names are text, whatever they look like', async () => {
    const page = await open(hostile);
    expect(await page.title()).toBe('rs-profiler report');
    expect(await page.locator('img').count()).toBe(0);
    await page.locator('#classes').getByLabel('Filter').fill('<img');
    expect(await page.locator('#classes tbody th').allTextContents()).toContain(HOSTILE);
    expect(await page.locator('#cpu-1-functions').getByRole('button', { name: HOSTILE, exact: true }).count()).toBe(1);
  });

  test('Tab reaches every kind of control, and the focus is seen', async () => {
    const page = await open();
    await page.locator('.alternative summary').first().waitFor();
    const reached = new Set();
    const unseen = [];
    for (let presses = 0; presses < 400; presses += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === document.body) return null;
        const style = getComputedStyle(element);
        const home = element.closest('section[id]')?.id ?? element.closest('header, nav, footer')?.tagName.toLowerCase() ?? 'page';
        const kind = element.type === 'button' ? element.className.split(' ')[0] || 'button' : element.type || element.className || element.tagName.toLowerCase();
        return { kind: `${home} ${kind}`, seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 };
      });
      if (!at) break;
      reached.add(at.kind);
      if (!at.seen && !/checkbox|select-one/.test(at.kind)) unseen.push(at.kind);
    }
    expect([...reached]).toEqual(expect.arrayContaining([
      'page skip', 'header select-one', 'nav a', 'findings a', 'suspects summary', 'classes search', 'classes sort', 'treemap tile',
      'treemap summary', 'cpu-1-flame search', 'cpu-1-flame button', 'cpu-1-flame checkbox', 'cpu-1-flame flame', 'cpu-1-functions link', 'footer summary',
    ]));
    expect(unseen).toEqual([]);
  });

  test.each(['light', 'dark'])('has %s colours', async (colorScheme) => {
    const page = await open(file, { colorScheme });
    const brightness = () => page.evaluate(() => {
      const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
      return (red + green + blue) / 3;
    });
    const isLight = async () => (await brightness()) > 128;
    expect(await isLight()).toBe(colorScheme === 'light');
    const pictures = process.env.RS_PROFILER_PICTURES || tempFolder();
    const picture = path.join(pictures, `report-${colorScheme}.png`);
    await page.screenshot({ path: picture, fullPage: true });
    expect(fs.statSync(picture).size).toBeGreaterThan(10_000);
    await page.getByLabel('Colours').selectOption(colorScheme === 'light' ? 'Dark' : 'Light');
    expect(await isLight()).toBe(colorScheme === 'dark');
  });
});
