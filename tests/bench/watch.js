// Put into a page before its own scripts: writes down when keys arrive, when a canvas of a
// playground is drawn, how long the page's own code took for it, and when the picture is painted.
(() => {
  const frame = window.requestAnimationFrame.bind(window);
  const bench = (window.bench = { keys: [], paints: [], work: [], rasterise: false });
  let drawn = new Set();

  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    if (this.canvas.closest?.(".playground")) drawn.add(this);
    return clear.apply(this, box);
  };

  // A message posted in a frame arrives when the frame's picture has been handed over.
  const painted = () => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => bench.paints.push(performance.now());
    port2.postMessage(0);
  };

  window.requestAnimationFrame = (callback) =>
    frame((now) => {
      drawn = new Set();
      const began = performance.now();
      callback(now);
      if (!drawn.size) return;
      if (bench.rasterise) {
        for (const context of drawn) context.getImageData(0, 0, 1, 1);
        bench.work.push(performance.now() - began);
      }
      painted();
    });

  addEventListener("keydown", (event) => bench.keys.push(event.timeStamp), true);
  // A picture that Python drew is an image. (Its load does not come as far as the window.)
  document.addEventListener(
    "load", ({ target }) => target.tagName === "IMG" && frame(painted), true);
})();
