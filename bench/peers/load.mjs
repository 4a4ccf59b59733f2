// The load generator: one line of JSON in asks for one load, one line out says what came of it.
//
// {url, bodies, connections, seconds, requests?, interval?, unique?}: sends the bodies in turn, for so many
// seconds or until there have been so many requests. Each connection sends the next when the last is
// answered, or every `interval` milliseconds; `unique` is a part of the body that is another word each time.
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";

const HEADERS = { "content-type": "application/json", accept: "application/json" };

// Resolves with the status and the number of bytes, whose content nobody looks at.
function send(pool, body) {
  return new Promise((resolve, reject) => {
    let status = 0;
    let bytes = 0;
    pool.dispatch(
      { method: "POST", path: "/graphql", headers: HEADERS, body },
      {
        onRequestStart() {},
        onResponseStart(_, code) {
          status = code;
        },
        onResponseData(_, chunk) {
          bytes += chunk.length;
        },
        onResponseEnd() {
          resolve({ status, bytes });
        },
        onResponseError(_, error) {
          reject(error);
        },
      },
    );
  });
}

function body({ bodies, unique }, seed, number) {
  const text = bodies[number % bodies.length];
  return unique ? text.replaceAll(unique, `x${seed}x${number}`) : text;
}

async function connection(pool, load, tally, goesOn) {
  let due = performance.now();
  while (goesOn()) {
    if (load.interval) await sleep(Math.max(0, due - performance.now()));
    // A paced request that leaves late has waited for the server: its time counts from when it was due.
    const began = load.interval ? due : performance.now();
    due += load.interval ?? 0;
    const number = tally.sent++;
    const { status, bytes } = await send(pool, body(load, tally.seed, number));
    tally.latencies.push(performance.now() - began);
    tally.statuses[status] = (tally.statuses[status] ?? 0) + 1;
    tally.sizes.add(bytes);
  }
}

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

async function run(load) {
  const pool = new Pool(load.url, { connections: load.connections, pipelining: 1 });
  const tally = { sent: 0, seed: Date.now(), latencies: [], statuses: {}, sizes: new Set() };
  const cpu = process.cpuUsage();
  const began = performance.now();
  const goesOn = () =>
    performance.now() - began < load.seconds * 1000 && !(tally.sent >= load.requests);
  await Promise.all(
    Array.from({ length: load.connections }, () => connection(pool, load, tally, goesOn)),
  );
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await pool.close();
  const sorted = tally.latencies.sort((one, other) => one - other);
  return {
    requests: sorted.length,
    seconds,
    p50_ms: percentile(sorted, 0.5),
    p99_ms: percentile(sorted, 0.99),
    cpu_ms: (user + system) / 1000 / sorted.length,
    statuses: tally.statuses,
    sizes: [...tally.sizes],
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await run(JSON.parse(line))));
}
