// Starts the page program and takes the splash away once it stands.

import init from "./app.js";

const splash = document.querySelector(".splash");
try {
  await init({ module_or_path: "./app_bg.wasm" });
  splash.remove();
} catch (error) {
  splash.querySelector("p").textContent =
    `The page could not start (${error.message ?? error}). It needs a current Chrome, Edge, Firefox or Safari.`;
  throw error;
}
