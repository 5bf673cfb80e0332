// Starts the page program, which takes the splash away once it is there.

import init from "./app.js";

// The view in three dimensions is loaded when it is asked for.
globalThis.loadSpace = () => import("./space.js");

const splash = document.querySelector(".splash");
try {
  await init({ module_or_path: "./app_bg.wasm" });
} catch (error) {
  splash.querySelector("p").textContent =
    `The page could not start (${error.message ?? error}). It needs a current Chrome, Edge, Firefox or Safari.`;
  throw error;
}
