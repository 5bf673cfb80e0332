// Surfaces of the head and of tumours with the planes of the views, in millimetres of the study's grid: x to the patient's left,
// y to the back, z up. Loaded when the three-dimensional view is asked for.

import {
  BufferAttribute, BufferGeometry, CanvasTexture, Color, DoubleSide, LinearFilter, LinearSRGBColorSpace, Mesh, PerspectiveCamera, Scene,
  ShaderMaterial, Vector3, WebGLRenderer,
} from "./three.module.js";

/** Width of what is seen, in degrees. */
const FIELD = 30;
/** Share of the largest part's sphere that is in view: heads are not spheres. */
const SHOWN = 0.75;
/** Of a turn by itself, in radians a second. */
const PACE = 0.5;
/** Turn for a movement by a CSS pixel, in radians. */
const PER_PX = 0.01;
/** Frames are counted over so many milliseconds. */
const COUNTED = 1000;
/** Nearest and farthest, in times of the distance that shows everything. */
const NEAREST = 0.3;
const FARTHEST = 3;

/**
 * Surfaces are lit corner by corner, by a lamp above the eye, and drawn as they are seen from outside: where the processor draws, all
 * else takes several times as long.
 */
const LIT = `
  uniform vec3 colour;
  varying vec3 lit;
  void main() {
    lit = colour * (0.4 + 0.6 * max(dot(normalize(normalMatrix * normal), vec3(0.324, 0.487, 0.811)), 0.0));
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  }`;
const PAINTED = `
  uniform float opacity;
  varying vec3 lit;
  void main() {
    gl_FragColor = vec4(lit, opacity);
  }`;

/** Pictures are the clearer the darker they are: air is left out, and what lies behind is seen. */
const LAID = `
  varying vec2 at;
  void main() {
    at = uv;
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  }`;
const PICTURED = `
  uniform sampler2D map;
  varying vec2 at;
  void main() {
    vec4 shown = texture2D(map, at);
    float opacity = 0.6 * shown.g * shown.g;
    if (opacity < 0.04) discard;
    gl_FragColor = vec4(shown.rgb, opacity);
  }`;

/** Whether graphics are computed by the processor. */
function isSlow() {
  const context = document.createElement("canvas").getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return !context;
}

class Space {
  #canvas;
  #resized;
  #renderer;
  #scene = new Scene();
  #camera = new PerspectiveCamera(FIELD, 1, 1, 10000);
  #parts = new Map();
  #middle = new Vector3();
  #radius = 100;
  // Seen from the front, a little from the patient's left and from above.
  #round = -1.1;
  #up = 0.35;
  #distance = 1;
  #spins = false;
  #asked = 0;
  #last = 0;
  // When frames of the turn were drawn.
  #frames = [];

  constructor(canvas) {
    this.#canvas = canvas;
    this.#renderer = new WebGLRenderer({ canvas, antialias: !isSlow(), alpha: false });
    this.#camera.up.set(0, 0, 1);
    this.#resized = new ResizeObserver(() => this.#fit());
    this.#resized.observe(canvas);
  }

  /** Shows a surface: corners as x, y and z, and three corners for each triangle. */
  surface(name, positions, corners, colour, opacity) {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(positions, 3));
    geometry.setIndex(new BufferAttribute(corners, 1));
    geometry.computeVertexNormals();
    const seenThrough = opacity < 1;
    // As style sheets have it: light and paint are computed in the numbers of the screen.
    const uniforms = { colour: { value: new Color().setStyle(colour, LinearSRGBColorSpace) }, opacity: { value: opacity } };
    const material = new ShaderMaterial({ uniforms, vertexShader: LIT, fragmentShader: PAINTED, transparent: seenThrough, depthWrite: !seenThrough });
    const mesh = new Mesh(geometry, material);
    // What is seen through is drawn over all else.
    mesh.renderOrder = seenThrough ? 1 : 0;
    this.#put(name, mesh);
    this.#frame();
  }

  /** Shows a picture on a plane: its corner, and its edges along rows and along columns. */
  plane(name, picture, [x, y, z], [ax, ay, az], [bx, by, bz]) {
    const geometry = new BufferGeometry();
    const corners = [x, y, z, x + ax, y + ay, z + az, x + ax + bx, y + ay + by, z + az + bz, x + bx, y + by, z + bz];
    geometry.setAttribute("position", new BufferAttribute(new Float32Array(corners), 3));
    geometry.setAttribute("uv", new BufferAttribute(new Float32Array([0, 1, 1, 1, 1, 0, 0, 0]), 2));
    geometry.setIndex([0, 1, 2, 0, 2, 3]);
    const map = new CanvasTexture(picture);
    map.minFilter = LinearFilter;
    map.generateMipmaps = false;
    const material = new ShaderMaterial({
      uniforms: { map: { value: map } }, vertexShader: LAID, fragmentShader: PICTURED, transparent: true, depthWrite: false, side: DoubleSide,
    });
    this.#put(name, new Mesh(geometry, material));
  }

  remove(name) {
    const part = this.#parts.get(name);
    if (!part) return;
    this.#scene.remove(part);
    part.geometry.dispose();
    part.material.uniforms.map?.value.dispose();
    part.material.dispose();
    this.#parts.delete(name);
    this.#name();
    this.#ask();
  }

  /** Turns by a movement in CSS pixels. */
  turn(dx, dy) {
    this.#round -= dx * PER_PX;
    this.#up = Math.min(Math.max(this.#up + dy * PER_PX, -1.5), 1.5);
    this.#ask();
  }

  zoom(factor) {
    this.#distance = Math.min(Math.max(this.#distance / factor, NEAREST), FARTHEST);
    this.#ask();
  }

  /** Turns by itself, or no more. */
  spin(spins) {
    this.#spins = spins;
    this.#last = 0;
    this.#frames = [];
    this.#ask();
  }

  close() {
    this.#resized.disconnect();
    cancelAnimationFrame(this.#asked);
    [...this.#parts.keys()].forEach((name) => this.remove(name));
    cancelAnimationFrame(this.#asked);
    this.#renderer.dispose();
  }

  #put(name, mesh) {
    this.remove(name);
    this.#parts.set(name, mesh);
    this.#name();
    this.#scene.add(mesh);
    this.#ask();
  }

  /** Says on the element what is shown. */
  #name() {
    this.#canvas.dataset.parts = [...this.#parts.keys()].sort().join(" ");
  }

  /** As many pixels as the element has on this screen. */
  #fit() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    this.#renderer.setPixelRatio(devicePixelRatio);
    this.#renderer.setSize(width, height, false);
    this.#camera.aspect = width / Math.max(height, 1);
    this.#camera.updateProjectionMatrix();
    // A canvas of another size is empty until something is drawn.
    this.#render();
  }

  /** Says on the element how many frames a second the turn has. */
  #count(now) {
    this.#frames.push(now);
    while (now - this.#frames[0] > COUNTED) this.#frames.shift();
    const passed = now - this.#frames[0];
    if (passed > COUNTED / 2) this.#canvas.dataset.framesPerSecond = (((this.#frames.length - 1) * 1000) / passed).toFixed(1);
  }

  /** Looks at all surfaces. */
  #frame() {
    const spheres = [...this.#parts.values()].map(({ geometry }) => {
      geometry.computeBoundingSphere();
      return geometry.boundingSphere;
    });
    const largest = spheres.reduce((a, b) => (b.radius > a.radius ? b : a));
    this.#middle.copy(largest.center);
    this.#radius = Math.max(largest.radius, 1);
  }

  #ask() {
    this.#asked ||= requestAnimationFrame((now) => this.#draw(now));
  }

  #draw(now) {
    this.#asked = 0;
    if (this.#spins) {
      this.#count(now);
      this.#round += this.#last ? (Math.min(now - this.#last, 100) / 1000) * PACE : 0;
      this.#last = now;
    }
    this.#render();
    if (this.#spins) this.#ask();
  }

  #render() {
    const field = (Math.min(this.#camera.aspect, 1) * FIELD * Math.PI) / 180;
    const far = (SHOWN * this.#distance * this.#radius) / Math.sin(field / 2);
    const [round, up] = [this.#round, this.#up];
    this.#camera.position.set(Math.cos(round) * Math.cos(up), Math.sin(round) * Math.cos(up), Math.sin(up)).multiplyScalar(far).add(this.#middle);
    this.#camera.lookAt(this.#middle);
    this.#renderer.render(this.#scene, this.#camera);
  }
}

export const open = (canvas) => new Space(canvas);
