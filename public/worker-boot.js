// Loads the worker program that this worker is named after, with its progress in bytes, and lends it what only JavaScript can ask.

// What the graphics adapter calls itself; rejects with the reason where there is none.
self.describeGraphicsAdapter = async () => {
  if (!navigator.gpu) throw "this browser has no WebGPU";
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw "WebGPU found no graphics adapter";
  const { vendor, architecture, description } = adapter.info ?? {};
  return description || [vendor, architecture].filter(Boolean).join(" ") || "unnamed adapter";
};

async function load(program) {
  const { default: init } = await import(`./${program}.js`);
  const file = `${program}_bg.wasm`;
  const response = await fetch(new URL(file, import.meta.url));
  if (!response.ok) throw new Error(`${file}: the server answered ${response.status}`);
  let loaded = 0;
  const counted = response.body.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        loaded += chunk.byteLength;
        self.postMessage(loaded);
        controller.enqueue(chunk);
      },
    }),
  );
  await init({ module_or_path: new Response(counted, { headers: { "content-type": "application/wasm" } }) });
}

// Only what is reported reaches the page.
load(self.name).catch(reportError);
