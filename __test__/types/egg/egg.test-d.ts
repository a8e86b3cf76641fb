/** The Egg plugin, as the code of an application uses it. */
import { Agent, Application, EggAppConfig, PowerPartial } from 'egg';
import rsProfiler = require('rs-profiler/egg');
import { typeOf } from '../type-of';

export const plugins = { ...rsProfiler({ env: ['prod'] }) };
typeOf(plugins.rsProfiler.path).is<string>();

export const config: PowerPartial<EggAppConfig> = {
  rsProfiler: { token: ['one-of-sixteen-characters', 'two-of-sixteen-characters'], schedule: { cron: '0 0 3 * * *' }, retention: { maxCount: 5 } },
};

export async function use(app: Application, agent: Agent): Promise<void> {
  const rows = await app.rsProfiler.capture('cpu-profile', { seconds: 5, worker: 'all' });
  for (const row of rows) {
    if ('error' in row) typeOf(row.error.message).is<string>();
    else typeOf(row.path).is<string>();
  }
  const [own] = await agent.rsProfiler.capture('heap-snapshot', { compress: 'zstd', stableIds: true });
  typeOf(own?.name).is<string | undefined>();
  typeOf((await app.rsProfiler.running())?.worker).is<string | undefined>();
  typeOf((await app.rsProfiler.workers())[0]?.heapUsed).is<number | undefined>();
  typeOf(app.rsProfiler.metrics().requests.p99Ms).is<number>();
  // @ts-expect-error an unknown kind
  await app.rsProfiler.capture('core-dump');
  // @ts-expect-error the agent has no metrics
  agent.rsProfiler.metrics();
}
