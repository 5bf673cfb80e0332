// Times and sizes in a real browser, and the same network in onnxruntime-web beside it, in one run.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { cpus } from "node:os";
import { GRAPHICS_CARD, drop, findings, launch, open, place, ready, savedMask, shows } from "../browser.mjs";
import { clicked, growth } from "./growth.mjs";
import { pointer } from "./pointer.mjs";
import { study } from "./study.mjs";
import { whole } from "./whole.mjs";

const SLICE = "public/samples/TCGA_CS_4941_19960909_13.webp";
// The software adapter takes ten seconds and more for a slice.
const RUNS = { CPU: 7, WebGPU: GRAPHICS_CARD ? 9 : 2 };

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const row = (value, name, unit = "ms", digits = 1) =>
  console.log(`  ${value.toFixed(digits).padStart(10)} ${unit}  ${name}`);

const browser = await launch();
console.log(`\n${cpus().length} × ${cpus()[0].model}, ${browser.version()}`);
const ours = { CPU: await measure("cpu", RUNS.CPU), WebGPU: await measure("webgpu", RUNS.WebGPU) };
for (const device of GRAPHICS_CARD ? ["cpu", "webgpu"] : ["cpu"]) await corrections(device);
await study(browser, row);
await whole(browser, row);
await growth(browser);
const theirs = await onnxruntime();
await browser.close();

console.log("\nforward pass, 256 × 256, against onnxruntime-web");
row(ours.CPU / theirs.wasm1, "CPU / onnxruntime-web on 1 thread (bar: at most 1.0)", "×", 2);
row(ours.WebGPU / theirs.webgpu, "WebGPU / onnxruntime-web's WebGPU (bar: at most 0.5)", "×", 2);

/** Opens the site fresh, then times slices on one device; the median of the forward passes. */
async function measure(device, runs) {
  const { page, context } = await open(browser, { query: `?device=${device}` });
  const kind = await ready(page, 400_000);
  const readyAfter = await page.evaluate(() => performance.now());
  const paint = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
  );
  const bytes = await readFile(SLICE);
  const stages = {};
  for (let run = 0; run <= runs; run++) {
    await drop(page, [{ name: `run_${run}.webp`, bytes }]);
    await shows(page, `run_${run}.webp`);
    await findings(page, 400_000);
    const table = await page.$$eval('[data-panel="times"] tr', (rows) =>
      rows.map(({ cells: [stage, ms] }) => [stage.textContent, parseFloat(ms.textContent)]),
    );
    // The first run compiles and tunes; it is not counted.
    if (run > 0) for (const [stage, ms] of table) (stages[stage] ??= []).push(ms);
  }
  await context.close();
  console.log(`\non ${kind} in the browser, median of ${runs}`);
  for (const [stage, times] of Object.entries(stages)) row(median(times), stage.toLowerCase());
  const forward = stages["Encoder, presence"].map((encode, run) => encode + stages["Decoder"][run]);
  row(median(forward), "forward");
  row(paint, "from navigation to first paint");
  row(readyAfter, "from navigation to ready");
  return median(forward);
}

/** Times of clicks on a device, and of the pointer while the network runs. */
async function corrections(device) {
  const { page, context } = await open(browser, { query: `?device=${device}` });
  const kind = await ready(page, 400_000);
  await drop(page, [SLICE]);
  const size = { width: 256, height: 256 };
  await findings(page, 400_000);

  const answered = async (x, y) => clicked(page, await place(page, size, x, y));
  const mask = await savedMask(page);
  const rows = Array.from({ length: size.height }, (_, y) => mask.pixels.slice(y * size.width, (y + 1) * size.width));
  const marked = [...rows.keys()].filter((y) => rows[y].includes(true));
  const [far, near] = [[], []];
  for (let run = 0; run < RUNS.CPU; run++) {
    const y = marked[Math.floor(((run + 1) * marked.length) / (RUNS.CPU + 1))];
    near.push(await answered(rows[y].lastIndexOf(true) + 2, y));
  }
  for (let run = 0; run < RUNS.CPU; run++) far.push(await answered(20 + 25 * run, 30));
  console.log(`\ncorrections on ${kind} in the browser`);
  row(median(far), "from a click far from the mask to the mask after it");
  row(median(near), "from a click two pixels beside the mask, which computes a window");

  await context.close();
  await pointer(browser, device, row);
}

/** The PyTorch twin in onnxruntime-web, in the same browser; medians in ms. */
async function onnxruntime() {
  const types = { ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html" };
  const server = createServer(async (request, response) => {
    // Threads need an isolated page.
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    const path = new URL(request.url, "http://localhost").pathname;
    try {
      const file = path === "/" ? null : path === "/twin.onnx" ? "target/twin.onnx" : `e2e/bench/node_modules/onnxruntime-web/dist${path}`;
      response.setHeader("Content-Type", types[extname(path)] ?? (file ? "application/octet-stream" : "text/html"));
      response.end(file ? await readFile(file) : "<!doctype html><title>onnxruntime-web</title>");
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const site = `http://localhost:${server.address().port}/`;
  const results = {};
  console.log("\nonnxruntime-web on the PyTorch twin, same browser, forward only");
  for (const [name, providers, threads, runs] of [
    ["wasm1", ["wasm"], 1, RUNS.CPU],
    ["wasmN", ["wasm"], cpus().length, RUNS.CPU],
    ["webgpu", ["webgpu"], 1, RUNS.WebGPU],
  ]) {
    const page = await browser.newPage();
    await page.goto(site);
    const times = await page.evaluate(
      async ({ providers, threads, runs, file }) => {
        const ort = await import(`/${file}`);
        ort.env.wasm.numThreads = threads;
        const session = await ort.InferenceSession.create("/twin.onnx", { executionProviders: providers });
        const values = Float32Array.from({ length: 3 * 256 * 256 }, (_, at) => Math.sin(at * 0.37));
        const planes = new ort.Tensor("float32", values, [1, 3, 256, 256]);
        const times = [];
        for (let run = 0; run <= runs; run++) {
          const started = performance.now();
          const { mask } = await session.run({ planes });
          await mask.getData();
          if (run > 0) times.push(performance.now() - started);
        }
        return times;
      },
      { providers, threads, runs, file: name === "webgpu" ? "ort.webgpu.min.mjs" : "ort.wasm.min.mjs" },
    );
    await page.close();
    results[name] = median(times);
    row(results[name], { wasm1: "1 thread", wasmN: `${threads} threads`, webgpu: "WebGPU" }[name]);
  }
  server.close();
  return results;
}
