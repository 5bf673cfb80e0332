// Loads the worker program with progress, and lends it what only JavaScript can ask.

import init from "./worker.js";

// What the graphics adapter calls itself; rejects with the reason where there is none.
self.describeGraphicsAdapter = async () => {
  if (!navigator.gpu) throw "this browser has no WebGPU";
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw "WebGPU found no graphics adapter";
  const { vendor, architecture, description } = adapter.info ?? {};
  return description || [vendor, architecture].filter(Boolean).join(" ") || "unnamed adapter";
};

const response = await fetch(new URL("./worker_bg.wasm", import.meta.url));
if (!response.ok) throw new Error(`worker_bg.wasm: the server answered ${response.status}`);
let loaded = 0;
const counted = response.body.pipeThrough(
  new TransformStream({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      self.postMessage([JSON.stringify({ Loading: { loaded, total: 0 } })]);
      controller.enqueue(chunk);
    },
  }),
);
await init({ module_or_path: new Response(counted, { headers: { "content-type": "application/wasm" } }) });
